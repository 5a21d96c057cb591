import { useTranslation } from "react-i18next";
import { Select, TextInput } from "@/shared/ui";
import { faultOf, shown } from "./cells";
import classes from "./SheetGrid.module.css";
import type { SheetState } from "./useSheet";

interface Props {
  state: SheetState;
  refused: ReadonlyMap<string, string>;
  moneyPlaces: number;
  locked: boolean;
  place: string | undefined;
  onPlace: (id: string) => void;
}

/** One place at a time, for a phone held in the shop. */
export function PlaceForm({ state, refused, moneyPlaces, locked, place, onPlace }: Props) {
  const { t } = useTranslation("sheets");
  const row = state.rows.find((one) => one.place.id === place) ?? state.rows[0];
  if (!row) return null;
  return (
    <div className={classes.place}>
      <Select
        label={t("place")}
        searchable
        allowDeselect={false}
        value={row.place.id}
        data={state.rows.map((one) => ({ value: one.place.id, label: one.place.name }))}
        onChange={(id) => id && onPlace(id)}
      />
      {state.columns.map((column) => {
        const text = state.textOf(row, column);
        const fault = faultOf(column.kind, text, moneyPlaces);
        const earlier = shown(column.kind, row.earlier[column.key]);
        return (
          <TextInput
            key={`${row.place.id}/${column.key}`}
            label={[column.name, column.code].filter(Boolean).join(" · ")}
            description={earlier ? t("earlier_was", { text: earlier }) : undefined}
            inputMode={column.kind === "text" ? "text" : "decimal"}
            readOnly={locked || !row.place.writable}
            value={text}
            error={fault ? t(`fault.${fault}`) : refused.get(`${row.place.id}/${column.key}`)}
            onChange={(event) =>
              state.write([{ place: row.place.id, column: column.key, text: event.currentTarget.value }])
            }
          />
        );
      })}
    </div>
  );
}

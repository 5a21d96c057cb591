import { IconGripVertical, IconSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Menu, Text, TextInput } from "@/shared/ui";
import { drag } from "./drag";
import classes from "./Pivots.module.css";
import { hasRoom, withField } from "./state";
import type { Fact, Field, Query } from "./types";

interface Props {
  fact: Fact;
  query: Query;
  onQuery: (query: Query) => void;
}

/** Everything facts can be divided by. Each field is dragged onto a shelf, or put there by its menu. */
export function FieldList({ fact, query, onQuery }: Props) {
  const { t } = useTranslation("pivots");
  const [typed, setTyped] = useState("");
  const groups = useMemo(() => {
    const meets = (field: Field) =>
      field.divides && field.label.toLowerCase().includes(typed.trim().toLowerCase());
    const of = (group: Field["group"]) =>
      fact.fields.filter((field) => field.group === group && meets(field));
    return (["fact", "customer"] as const).map((group) => ({ group, fields: of(group) }));
  }, [fact, typed]);
  return (
    <section aria-label={t("fields")} className={classes.fields}>
      <TextInput
        size="sm"
        aria-label={t("fields_search")}
        placeholder={t("fields_search")}
        leftSection={<IconSearch size={15} stroke={1.6} />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {groups.map(
        ({ group, fields }) =>
          fields.length > 0 && (
            <div key={group}>
              <Text size="xs" c="dimmed" fw={600} mt="xs" mb={4}>
                {group === "fact" ? fact.label : t("group.customer")}
              </Text>
              <ul className={classes.fieldList}>
                {fields.map((field) => (
                  <li key={field.field}>
                    <FieldButton field={field} query={query} onQuery={onQuery} />
                  </li>
                ))}
              </ul>
            </div>
          ),
      )}
    </section>
  );
}

function FieldButton({
  field,
  query,
  onQuery,
}: {
  field: Field;
  query: Query;
  onQuery: (query: Query) => void;
}) {
  const { t } = useTranslation("pivots");
  const used = [...(query.rows ?? []), ...(query.columns ?? [])].some((axis) => axis.field === field.field);
  return (
    <Menu
      position="right-start"
      target={
        <button
          type="button"
          className={classes.field}
          data-used={used || undefined}
          draggable
          onDragStart={(event) => drag.begin(event, { field: field.field })}
          onDragEnd={drag.end}
        >
          <IconGripVertical size={14} stroke={1.6} aria-hidden />
          <span>{field.label}</span>
        </button>
      }
    >
      {({ Item }) => (
        <>
          <Item disabled={!hasRoom(query, "rows")} onClick={() => onQuery(withField(query, "rows", field))}>
            {t("to_rows")}
          </Item>
          <Item
            disabled={!hasRoom(query, "columns")}
            onClick={() => onQuery(withField(query, "columns", field))}
          >
            {t("to_columns")}
          </Item>
        </>
      )}
    </Menu>
  );
}

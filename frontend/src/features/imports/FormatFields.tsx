import { useTranslation } from "react-i18next";
import { Select, Switch, Text, TextInput } from "@/shared/ui";
import classes from "./Imports.module.css";
import type { Format, Import } from "./types";

const ENCODINGS = ["utf-8", "gb18030", "utf-16le", "utf-16be"] as const satisfies Format["encoding"][];
const DELIMITERS = [",", ";", "\t", "|", " "] as const satisfies Format["delimiter"][];

interface Props {
  row: Import;
  busy: boolean;
  onChange: (format: Partial<Format>) => void;
}

/** How the file was read; changed here when the samples below look wrong. */
export function FormatFields({ row, busy, onChange }: Props) {
  const { t } = useTranslation("imports");
  const { format } = row;
  return (
    <div className={classes.format}>
      {format.kind === "csv" ? (
        <>
          <Select
            w={150}
            label={t("encoding")}
            allowDeselect={false}
            disabled={busy}
            data={ENCODINGS.map((value) => ({ value, label: value.toUpperCase() }))}
            value={format.encoding}
            onChange={(encoding) => encoding && onChange({ encoding })}
          />
          <Select
            w={150}
            label={t("delimiter")}
            allowDeselect={false}
            disabled={busy}
            data={DELIMITERS.map((value) => ({ value, label: t(`delimiters.${delimiterName(value)}`) }))}
            value={format.delimiter}
            onChange={(delimiter) => delimiter && onChange({ delimiter })}
          />
        </>
      ) : (
        <Sheet row={row} busy={busy} onChange={onChange} />
      )}
      <Switch
        label={t("header_row")}
        disabled={busy}
        checked={format.header_row}
        onChange={(event) => onChange({ header_row: event.currentTarget.checked })}
        pb={8}
      />
      <Text size="sm" c="dimmed" pb={8}>
        {t("format_hint")}
      </Text>
    </div>
  );
}

function Sheet({ row, busy, onChange }: Props) {
  const { t } = useTranslation("imports");
  const { sheet } = row.format;
  return (
    <TextInput
      w={200}
      label={t("sheet")}
      disabled={busy}
      defaultValue={sheet ?? ""}
      onBlur={(event) => {
        const name = event.currentTarget.value.trim();
        if (name && name !== sheet) onChange({ sheet: name });
      }}
    />
  );
}

const delimiterName = (value: string) =>
  ({ ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "spaces" })[value] ?? "comma";

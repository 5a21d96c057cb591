import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { MultiSelect, Select, Stack, TextInput } from "../ui";
import { type Bought, NUMERIC, shapeOf, sourceOf } from "./filters";
import type { FilterField } from "./types";

const DateField = lazy(() => import("../ui/dates").then((module) => ({ default: module.DateField })));
const BoughtValue = lazy(() => import("./BoughtValue"));
const RefValue = lazy(() => import("./RefValue"));

interface ValueProps {
  field: FilterField;
  /** Without a visible label: rows of a builder, where the heading says what stands there. */
  bare?: boolean;
  op: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** The value part of a condition, by the field's type and the operator's shape. Used by the segment builder too. */
export function FilterValue({ field, op, value, onChange, bare = false }: ValueProps) {
  const { t } = useTranslation("grid");
  const shape = shapeOf(op);
  const words = t(shape === "days" ? "filter_days" : "filter_value");
  const label = named(words, bare);
  const options = field.type === "bool" ? boolOptions(t) : field.options;
  const inside = { withinPortal: bare };

  if (shape === "bought") {
    return (
      <Suspense>
        <BoughtValue value={value as Bought | undefined} onChange={onChange} bare={bare} />
      </Suspense>
    );
  }
  const source = options?.length ? undefined : sourceOf(field);
  if (source) {
    return (
      <Suspense>
        <RefValue
          source={source}
          many={shape === "list"}
          value={value}
          onChange={onChange}
          label={label}
          bare={bare}
        />
      </Suspense>
    );
  }
  if (shape === "pair") {
    const [from, to] = Array.isArray(value) ? value : [undefined, undefined];
    return (
      <Stack gap="xs" style={bare ? { flexDirection: "row" } : undefined}>
        <Scalar
          field={field}
          label={named(t("filter_from"), bare)}
          value={from}
          onChange={(next) => onChange([next, to])}
        />
        <Scalar
          field={field}
          label={named(t("filter_to"), bare)}
          value={to}
          onChange={(next) => onChange([from, next])}
        />
      </Stack>
    );
  }
  if (shape === "list" && options) {
    return (
      <MultiSelect
        {...label}
        data={options}
        searchable
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={onChange}
        comboboxProps={inside}
      />
    );
  }
  if (shape === "list") {
    return (
      <TextInput
        {...label}
        description={t("filter_list_hint")}
        defaultValue={Array.isArray(value) ? value.join(", ") : ""}
        onChange={(event) =>
          onChange(
            event.currentTarget.value
              .split(/[,，、\s]+/)
              .filter(Boolean)
              .map((one) => typed(field, one)),
          )
        }
      />
    );
  }
  if (options) {
    return (
      <Select
        {...label}
        data={options}
        searchable
        value={value === undefined || value === null ? null : String(value)}
        onChange={(next) => onChange(field.type === "bool" ? next === "true" : (next ?? undefined))}
        comboboxProps={inside}
      />
    );
  }
  return (
    <Scalar
      field={shape === "days" ? { ...field, type: "number" } : field}
      label={label}
      value={value}
      onChange={onChange}
    />
  );
}

export interface Named {
  label?: string;
  "aria-label"?: string;
  placeholder?: string;
}

/** A visible label, or — in a builder's row — a spoken one with the words as placeholder. */
const named = (words: string, bare: boolean): Named =>
  bare ? { "aria-label": words, placeholder: words } : { label: words };

const boolOptions = (t: (key: string) => string) => [
  { value: "true", label: t("common:state.yes") },
  { value: "false", label: t("common:state.no") },
];

/** Counts go as numbers, money stays decimal text. */
const typed = (field: FilterField, text: string): unknown =>
  (field.type === "number" || field.type === "integer") && text.trim() !== "" && Number.isFinite(Number(text))
    ? Number(text)
    : text;

function Scalar({
  field,
  label,
  value,
  onChange,
}: {
  field: FilterField;
  label: Named;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const initial = value === undefined || value === null ? "" : String(value);
  if (field.type === "date" || field.type === "instant") {
    return (
      <Suspense>
        <DateField
          {...label}
          value={initial ? initial.slice(0, 10) : null}
          onChange={(next) =>
            onChange(next && field.type === "instant" ? `${next}T00:00:00Z` : (next ?? undefined))
          }
          popoverProps={{ withinPortal: label.label === undefined }}
        />
      </Suspense>
    );
  }
  return (
    <TextInput
      {...label}
      inputMode={NUMERIC.has(field.type) ? "decimal" : undefined}
      defaultValue={initial}
      onChange={(event) => onChange(typed(field, event.currentTarget.value))}
    />
  );
}

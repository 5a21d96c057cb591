/** Filter chips: each is one condition, pressed to change it, with a cross to remove it. */
import { IconFilterPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition, ConditionLeaf } from "@/api/types";
import { Button, Popover, Skeleton } from "../ui";
import { CloseChip } from "./CloseChip";
import { useChipText } from "./chipText";
import classes from "./FilterBar.module.css";
import { allOf, isLeaf, partsOf } from "./filters";
import type { FilterField } from "./types";

const FilterEditor = lazy(() => import("./FilterEditor"));

interface Props {
  fields: FilterField[];
  condition: Condition | undefined;
  onChange: (condition: Condition | undefined) => void;
}

export function FilterBar({ fields, condition, onChange }: Props) {
  const { t } = useTranslation("grid");
  const parts = partsOf(condition);
  const put = (index: number, part: Condition | undefined) => {
    const next = [...parts];
    if (part) next[index] = part;
    else next.splice(index, 1);
    onChange(allOf(next));
  };
  return (
    <div className={classes.bar}>
      {parts.map((part, index) => (
        <FilterChip
          // biome-ignore lint/suspicious/noArrayIndexKey: two equal conditions may stand side by side
          key={index}
          fields={fields}
          part={part}
          onChange={(next) => put(index, next)}
        />
      ))}
      <AddFilter fields={fields} onAdd={(leaf) => put(parts.length, leaf)} label={t("filter_add")} />
    </div>
  );
}

interface ChipProps {
  fields: FilterField[];
  part: Condition;
  onChange: (part: Condition | undefined) => void;
}

function FilterChip({ fields, part, onChange }: ChipProps) {
  const { t } = useTranslation("grid");
  const [open, setOpen] = useState(false);
  const text = useChipText(fields)(part);
  const field = isLeaf(part) ? fields.find((one) => one.field === part.field) : undefined;
  return (
    <Popover
      opened={open && field !== undefined}
      onChange={setOpen}
      width={300}
      position="bottom-start"
      label={field?.label ?? text}
      target={
        <CloseChip
          text={text}
          removeLabel={t("filter_remove", { name: text })}
          onPress={field ? () => setOpen(!open) : undefined}
          onRemove={() => onChange(undefined)}
        />
      }
    >
      {isLeaf(part) && (
        <Suspense fallback={<Skeleton height={120} />}>
          <FilterEditor
            fields={fields}
            leaf={part}
            onDone={(leaf) => {
              onChange(leaf);
              setOpen(false);
            }}
          />
        </Suspense>
      )}
    </Popover>
  );
}

interface AddProps {
  fields: FilterField[];
  onAdd: (leaf: ConditionLeaf) => void;
  label: string;
}

function AddFilter({ fields, onAdd, label }: AddProps) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={300}
      position="bottom-start"
      label={label}
      target={
        <Button
          variant="default"
          leftSection={<IconFilterPlus size={16} stroke={1.6} />}
          onClick={() => setOpen(!open)}
        >
          {label}
        </Button>
      }
    >
      <Suspense fallback={<Skeleton height={60} />}>
        <FilterEditor
          fields={fields}
          onDone={(leaf) => {
            onAdd(leaf);
            setOpen(false);
          }}
        />
      </Suspense>
    </Popover>
  );
}

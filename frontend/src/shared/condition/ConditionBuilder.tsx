import { IconFolderPlus, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api/types";
import { useOpLabel } from "../grid/chipText";
import { FilterValue } from "../grid/FilterValue";
import { grouped } from "../grid/filters";
import type { FilterField } from "../grid/types";
import { Button, IconButton, SegmentedControl, Select } from "../ui";
import classes from "./ConditionBuilder.module.css";
import {
  draftOf,
  type GroupDraft,
  isGroup,
  type LeafDraft,
  newGroup,
  newLeaf,
  type PartDraft,
  written,
} from "./draft";

interface Props {
  fields: FilterField[];
  /** Read once; to start over with another condition, give the builder another `key`. */
  initial: Condition | undefined;
  /** With what is complete so far, or nothing. */
  onChange: (condition: Condition | undefined) => void;
}

const DEEPEST = 4;

export function ConditionBuilder({ fields, initial, onChange }: Props) {
  const [draft, setDraft] = useState<GroupDraft>(() => {
    const made = draftOf(initial);
    return made.parts.length > 0 ? made : { ...made, parts: [newLeaf()] };
  });
  const put = (group: GroupDraft) => {
    setDraft(group);
    onChange(written(group));
  };
  return <Group fields={fields} group={draft} depth={1} onChange={put} />;
}

interface GroupProps {
  fields: FilterField[];
  group: GroupDraft;
  depth: number;
  onChange: (group: GroupDraft) => void;
  onRemove?: () => void;
}

function Group({ fields, group, depth, onChange, onRemove }: GroupProps) {
  const { t } = useTranslation("grid");
  const put = (index: number, part: PartDraft | undefined) =>
    onChange({
      ...group,
      parts: part ? group.parts.with(index, part) : group.parts.toSpliced(index, 1),
    });
  const add = (part: PartDraft) => onChange({ ...group, parts: [...group.parts, part] });
  return (
    <fieldset className={classes.group} data-depth={depth}>
      <legend className={classes.legend}>{t(`builder.${group.kind}_of`)}</legend>
      <div className={classes.head}>
        <SegmentedControl
          size="xs"
          value={group.kind}
          onChange={(kind) => onChange({ ...group, kind })}
          data={(["all", "any", "none"] as const).map((kind) => ({
            value: kind,
            label: t(`builder.${kind}_of`),
          }))}
          aria-label={t("builder.how")}
        />
        {onRemove && (
          <IconButton label={t("builder.remove_group")} onClick={onRemove}>
            <IconTrash size={16} />
          </IconButton>
        )}
      </div>
      <div className={classes.parts}>
        {group.parts.map((part, index) =>
          isGroup(part) ? (
            <Group
              key={part.key}
              fields={fields}
              group={part}
              depth={depth + 1}
              onChange={(next) => put(index, next)}
              onRemove={() => put(index, undefined)}
            />
          ) : (
            <Leaf
              key={part.key}
              fields={fields}
              leaf={part}
              onChange={(next) => put(index, next)}
              onRemove={() => put(index, undefined)}
            />
          ),
        )}
      </div>
      <div className={classes.foot}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={() => add(newLeaf())}
        >
          {t("builder.add")}
        </Button>
        {depth < DEEPEST && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconFolderPlus size={14} />}
            onClick={() => add(newGroup(group.kind === "all" ? "any" : "all", [newLeaf()]))}
          >
            {t("builder.add_group")}
          </Button>
        )}
      </div>
    </fieldset>
  );
}

interface LeafProps {
  fields: FilterField[];
  leaf: LeafDraft;
  onChange: (leaf: LeafDraft) => void;
  onRemove: () => void;
}

function Leaf({ fields, leaf, onChange, onRemove }: LeafProps) {
  const { t } = useTranslation("grid");
  const opLabel = useOpLabel();
  const field = fields.find((one) => one.field === leaf.field);
  const choose = (name: string | null) => {
    const chosen = fields.find((one) => one.field === name);
    if (chosen) onChange({ key: leaf.key, field: chosen.field, op: chosen.ops[0] });
  };
  return (
    <div className={classes.leaf}>
      <Select
        className={classes.field}
        aria-label={t("filter_field")}
        placeholder={t("filter_field")}
        searchable
        data={grouped(fields, (group) => t([`field_group.${group}`, "filter_other"]))}
        value={leaf.field ?? null}
        onChange={choose}
        nothingFoundMessage={t("no_match")}
        maxDropdownHeight={320}
        allowDeselect={false}
      />
      {leaf.field && !field && (
        <span className={classes.unknown}>{t("builder.unknown", { name: leaf.field })}</span>
      )}
      {field && (
        <>
          <Select
            className={classes.op}
            aria-label={t("filter_op")}
            allowDeselect={false}
            data={field.ops.map((op) => ({ value: op, label: opLabel(op, field.type) }))}
            value={leaf.op ?? null}
            onChange={(chosen) => {
              const op = field.ops.find((one) => one === chosen);
              if (op) onChange({ ...leaf, op, value: keptValue(leaf, op) });
            }}
          />
          <div className={classes.value}>
            {leaf.op !== "is_null" && leaf.op && (
              <FilterValue
                key={`${leaf.field}${shapeKey(leaf.op)}`}
                bare
                field={field}
                op={leaf.op}
                value={leaf.value}
                onChange={(value) => onChange({ ...leaf, value })}
              />
            )}
          </div>
        </>
      )}
      <IconButton label={t("builder.remove")} onClick={onRemove} className={classes.remove}>
        <IconTrash size={16} />
      </IconButton>
    </div>
  );
}

/** Which values may stay when the operator changes: those of the same shape. */
function shapeKey(op: string): string {
  if (op === "between") return "pair";
  if (["in", "any_of", "all_of", "none_of"].includes(op)) return "list";
  if (op.endsWith("_ago") || op === "in_next_days") return "days";
  return op.includes("bought") ? "bought" : op === "is_null" ? "none" : "one";
}

const keptValue = (leaf: LeafDraft, op: string) =>
  leaf.op && shapeKey(leaf.op) === shapeKey(op) ? leaf.value : undefined;

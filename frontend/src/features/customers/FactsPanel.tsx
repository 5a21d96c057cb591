import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, type Schema, useMe } from "@/api";
import { useFormat } from "@/shared/format";
import { moneyOf, readDecimal } from "@/shared/format/decimal";
import {
  Anchor,
  Button,
  DateField,
  Group,
  IconButton,
  LazySelect,
  Panel,
  SegmentedControl,
  TextInput,
  toast,
} from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { useDictionary } from "./choices";
import { addFact, deleteFact, patchFact } from "./commands";
import { type FactForm, FORMS, formOf, heldOf, latestFirst } from "./facts";
import type { Fact } from "./types";

interface Props {
  customer: string;
  facts: Fact[];
  mayWrite: boolean;
}

/** What is known as of a day and from where: of each kind the latest, the earlier ones on demand. */
export function FactsPanel({ customer, facts, mayWrite }: Props) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const kinds = useDictionary("fact_kind");
  const sources = useDictionary("fact_source");
  const [editing, setEditing] = useState<Fact | "new" | null>(null);
  const [open, setOpen] = useState<string[]>([]);
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer) });
  const remove = useMutation({
    mutationFn: deleteFact,
    onSuccess: (_answer, row) => {
      const { kind, amount, number, text, as_of, source, note } = row;
      const again = () =>
        void addFact(customer, { kind, amount, number, text, as_of, source, note }).then(
          refresh,
          toast.problem,
        );
      toast.undo(t("common:state.deleted", { name: kinds.word(kind) }), t("common:action.undo"), again);
      return refresh();
    },
  });
  const held = (one: Fact) =>
    one.amount ? f.money(one.amount) : typeof one.number === "number" ? f.number(one.number) : one.text;
  const row = (one: Fact) => (
    <li key={one.id} className={classes.row}>
      <span className={classes.rowWords}>
        <span className={classes.sub}>{kinds.word(one.kind)}</span>
        <br />
        {held(one)}
        <br />
        <span className={classes.sub}>
          {t("fact_line", { date: f.date(one.as_of), source: sources.word(one.source) })}
          {one.note && ` · ${one.note}`}
        </span>
      </span>
      {mayWrite && (
        <Group gap={2} wrap="nowrap">
          <IconButton label={t("edit_fact", { name: kinds.word(one.kind) })} onClick={() => setEditing(one)}>
            <IconPencil size={15} />
          </IconButton>
          <IconButton
            label={t("delete_fact", { name: kinds.word(one.kind) })}
            onClick={() => remove.mutate(one)}
          >
            <IconTrash size={15} />
          </IconButton>
        </Group>
      )}
    </li>
  );
  return (
    <Panel
      title={t("known_facts")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("add_fact")} onClick={() => setEditing("new")}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {facts.length === 0 && !editing && <p className={classes.nothing}>{t("no_facts")}</p>}
      <ul className={classes.rows}>
        {latestFirst(facts).flatMap(([latest, ...earlier]) => {
          if (!latest) return [];
          if (earlier.length === 0) return [row(latest)];
          if (open.includes(latest.kind)) return [latest, ...earlier].map(row);
          return [
            row(latest),
            <li key={`${latest.kind}-more`} className={classes.row}>
              <Anchor
                component="button"
                type="button"
                size="sm"
                mih={24}
                onClick={() => setOpen([...open, latest.kind])}
              >
                {t("fact_earlier", { count: earlier.length })}
              </Anchor>
            </li>,
          ];
        })}
      </ul>
      {editing && (
        <FactEdit
          key={editing === "new" ? "new" : editing.id}
          customer={customer}
          row={editing === "new" ? null : editing}
          onDone={() => setEditing(null)}
          onSaved={refresh}
        />
      )}
    </Panel>
  );
}

interface EditProps {
  customer: string;
  row: Fact | null;
  onDone: () => void;
  onSaved: () => Promise<void>;
}

function FactEdit({ customer, row, onDone, onSaved }: EditProps) {
  const { t } = useTranslation("customers");
  const { company } = useMe();
  const kinds = useDictionary("fact_kind");
  const sources = useDictionary("fact_source");
  const [kind, setKind] = useState<string | null>(row?.kind ?? null);
  const [free, setFree] = useState<FactForm>(row ? heldOf(row).form : "text");
  const [value, setValue] = useState(row ? heldOf(row).typed : "");
  const [asOf, setAsOf] = useState<string | null>(row?.as_of ?? null);
  const [source, setSource] = useState<string | null>(row?.source ?? "asked");
  const [note, setNote] = useState(row?.note ?? "");
  const form = formOf(kind) ?? free;
  const body = (): Schema<"CustomerFactInput"> => ({
    kind: kind ?? "",
    amount: form === "amount" ? moneyOf(value, company.currency) : null,
    number: form === "number" ? Number(readDecimal(value) ?? "0") : null,
    text: form === "text" ? value.trim() : null,
    as_of: asOf,
    source: source ?? "",
    note: note.trim() || null,
  });
  const save = useMutation({
    mutationFn: () => (row ? patchFact(row, body()) : addFact(customer, body())),
    onSuccess: async () => {
      await onSaved();
      onDone();
    },
    onError: toast.problem,
  });
  const sound = form === "text" ? value.trim() !== "" : readDecimal(value) !== undefined;
  const ready = kind && source && sound;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready) save.mutate();
  };
  return (
    <form
      className={classes.inlineForm}
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && !event.nativeEvent.isComposing && onDone()}
    >
      <LazySelect
        autoFocus
        searchable
        label={t("fact_kind")}
        data={kinds.options}
        value={kind}
        onChange={setKind}
      />
      {kind && !formOf(kind) && (
        <SegmentedControl
          aria-label={t("fact_kind")}
          data={FORMS.map((one) => ({ value: one, label: t(`fact_${one}`) }))}
          value={free}
          onChange={(next) => setFree(next as FactForm)}
        />
      )}
      <TextInput
        label={t(`fact_${form}`)}
        inputMode={form === "text" ? undefined : "decimal"}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <DateField label={t("fact_as_of")} value={asOf} onChange={setAsOf} />
      <LazySelect label={t("fact_source")} data={sources.options} value={source} onChange={setSource} />
      <TextInput
        label={t("fact_note")}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group gap="xs" justify="flex-end">
        <Button size="compact-md" variant="default" onClick={onDone}>
          {t("common:action.cancel")}
        </Button>
        <Button size="compact-md" type="submit" loading={save.isPending} disabled={!ready}>
          {t("common:action.save")}
        </Button>
      </Group>
    </form>
  );
}

import { IconCheck, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { Button, Group, IconButton, LazySelect, Panel, TextInput, toast } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { useDictionary } from "./choices";
import { addPreference, confirmPreference, deletePreference } from "./commands";
import type { Preference } from "./types";

interface Props {
  customer: string;
  preferences: Preference[];
  mayWrite: boolean;
}

/** What they like, with when that was last seen to be so; one press confirms it still is. */
export function PreferencesPanel({ customer, preferences, mayWrite }: Props) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const kinds = useDictionary("preference_kind");
  const [adding, setAdding] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer) });
  const confirm = useMutation({ mutationFn: confirmPreference, onSuccess: refresh });
  const remove = useMutation({
    mutationFn: deletePreference,
    onSuccess: (_answer, row) => {
      const again = () =>
        void addPreference(customer, {
          key: row.key,
          value: row.value,
          source: row.source ?? undefined,
          confirmed_on: row.confirmed_on ?? undefined,
        }).then(refresh, toast.problem);
      toast.undo(t("common:state.deleted", { name: kinds.word(row.key) }), t("common:action.undo"), again);
      return refresh();
    },
  });
  return (
    <Panel
      title={t("preferences")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("add_preference")} onClick={() => setAdding(true)}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {preferences.length === 0 && !adding && <p className={classes.nothing}>{t("no_preferences")}</p>}
      <ul className={classes.rows}>
        {preferences.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.rowWords}>
              <span className={classes.sub}>{kinds.word(one.key)}</span>
              <br />
              {one.value}
              <br />
              <span className={classes.sub}>
                {one.confirmed_on
                  ? t("confirmed_on", { date: f.date(one.confirmed_on), ago: f.ago(one.confirmed_on) })
                  : t("never_confirmed")}
                {one.source && ` · ${one.source}`}
              </span>
            </span>
            {mayWrite && (
              <Group gap={2} wrap="nowrap">
                <IconButton
                  label={t("confirm_preference", { name: kinds.word(one.key) })}
                  loading={confirm.isPending && confirm.variables?.id === one.id}
                  onClick={() => confirm.mutate(one)}
                  color="pine"
                  variant="light"
                >
                  <IconCheck size={16} />
                </IconButton>
                <IconButton
                  label={t("delete_preference", { name: kinds.word(one.key) })}
                  onClick={() => remove.mutate(one)}
                >
                  <IconTrash size={15} />
                </IconButton>
              </Group>
            )}
          </li>
        ))}
      </ul>
      {adding && <AddPreference customer={customer} onDone={() => setAdding(false)} onAdded={refresh} />}
    </Panel>
  );
}

interface AddProps {
  customer: string;
  onDone: () => void;
  onAdded: () => Promise<void>;
}

function AddPreference({ customer, onDone, onAdded }: AddProps) {
  const { t } = useTranslation("customers");
  const kinds = useDictionary("preference_kind");
  const [key, setKey] = useState<string | null>(null);
  const [value, setValue] = useState("");
  const add = useMutation({
    mutationFn: () => addPreference(customer, { key: key ?? "", value: value.trim() }),
    onSuccess: async () => {
      await onAdded();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key && value.trim()) add.mutate();
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
        label={t("preference_key")}
        placeholder={t("preference_key_hint")}
        data={kinds.options}
        value={key}
        onChange={setKey}
      />
      <TextInput
        label={t("preference_value")}
        placeholder={t("preference_value_hint")}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Group gap="xs" justify="flex-end">
        <Button size="compact-md" variant="default" onClick={onDone}>
          {t("common:action.cancel")}
        </Button>
        <Button size="compact-md" type="submit" loading={add.isPending} disabled={!key || !value.trim()}>
          {t("common:action.save")}
        </Button>
      </Group>
    </form>
  );
}

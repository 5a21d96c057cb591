import { IconPlus, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useDictionary } from "@/features/customers";
import { Button, IconButton, LazySelect, Panel, TextLink, toast } from "@/shared/ui";
import classes from "./Opportunity.module.css";
import { patchOpportunity } from "./queries";
import type { Opportunity, OpportunityPatch } from "./types";

const NewContact = lazy(() => import("./NewContact"));

type Written = NonNullable<OpportunityPatch["contacts"]>[number];

interface Props {
  row: Opportunity;
  mayWrite: boolean;
  onSaved: (row: Opportunity) => void;
}

/** The people on the customer's side, and what each is in the matter. */
export function ContactsPanel({ row, mayWrite, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const roles = useDictionary("relation_role");
  const [adding, setAdding] = useState(false);
  const save = useMutation({
    mutationFn: (contacts: Written[]) => patchOpportunity(row, { contacts }),
    onSuccess: (now) => {
      setAdding(false);
      onSaved(now);
    },
    onError: toast.problem,
  });
  const all = row.contacts.map((one): Written => ({ customer_id: one.customer.id, role: one.role ?? null }));
  return (
    <Panel
      title={t("field.contacts")}
      flush
      aside={
        mayWrite && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={() => setAdding(true)}
          >
            {t("contact_add")}
          </Button>
        )
      }
    >
      {row.contacts.length === 0 && <p className={classes.nothing}>{t("contacts_none")}</p>}
      <ul className={classes.rows}>
        {row.contacts.map((one, at) => (
          <li key={one.customer.id} className={classes.row}>
            <span className={classes.words}>
              <TextLink to="/customers/$id" params={{ id: one.customer.id }}>
                {one.customer.name || "–"}
              </TextLink>
              {!mayWrite && one.role && <div className={classes.sub}>{roles.word(one.role)}</div>}
            </span>
            {mayWrite && (
              <>
                <LazySelect
                  size="xs"
                  w={130}
                  clearable
                  aria-label={t("contact_role", { name: one.customer.name })}
                  placeholder={t("role")}
                  data={roles.options}
                  value={one.role ?? null}
                  onChange={(role) => save.mutate(all.with(at, { customer_id: one.customer.id, role }))}
                />
                <IconButton
                  label={t("remove_one", { text: one.customer.name })}
                  onClick={() => save.mutate(all.toSpliced(at, 1))}
                >
                  <IconX size={15} />
                </IconButton>
              </>
            )}
          </li>
        ))}
      </ul>
      <Suspense>
        {adding && (
          <NewContact
            busy={save.isPending}
            onClose={() => setAdding(false)}
            onAdd={(contact) => save.mutate([...all, contact])}
          />
        )}
      </Suspense>
    </Panel>
  );
}

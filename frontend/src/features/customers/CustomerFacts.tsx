import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { TagMark, useTagOptions } from "@/features/platform";
import { Facts, InlineField } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { Anchor, Button, Group, LazyMultiSelect, Panel, toast } from "@/shared/ui";
import { AddressMark } from "./AddressMark";
import { consentsQuery } from "./ConsentPanel";
import { CustomValue } from "./CustomFacts";
import { BUYING_STYLES, GENDERS, useDictionary, useWords } from "./choices";
import { type Editable, primaryEmail, primaryPhone, useCustomEdits, useCustomerEdits } from "./edits";
import { StatusMark } from "./marks";
import { seen } from "./masked";
import { phoneWords } from "./phone";
import type { Address, Customer } from "./types";

interface Props {
  customer: Customer;
  saver: Parameters<typeof useCustomerEdits>[0];
  mayWrite: boolean;
  onEdit: () => void;
}

/** What is known of a customer, each fact changed where it stands. */
export function CustomerFacts({ customer, saver, mayWrite, onEdit }: Props) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const edits = useCustomerEdits(saver);
  const custom = useCustomEdits(saver);
  const gender = useWords("gender", GENDERS);
  const style = useWords("buying_style", BUYING_STYLES);
  const level = useDictionary("level");
  const source = useDictionary("source");
  const industry = useDictionary("industry");
  const person = customer.kind === "person";
  const fact = (key: Editable, value: React.ReactNode, aside?: React.ReactNode) => (
    <InlineField
      key={key}
      label={t(`field.${key}`)}
      row={customer}
      edit={mayWrite ? edits[key] : undefined}
      aside={aside}
    >
      {seen(customer, key, value)}
    </InlineField>
  );
  const plain = (
    label: string,
    value: React.ReactNode,
    key?: string,
    field = "",
    aside?: React.ReactNode,
  ) => (
    <InlineField key={key ?? label} label={label} row={customer} aside={aside}>
      {seen(customer, field, value)}
    </InlineField>
  );
  const phone = primaryPhone(customer);
  const email = primaryEmail(customer);
  const listed = useQuery(consentsQuery(customer.id)).data?.suppressed ?? [];
  const mark = (kind: "phone" | "email", address: string) => {
    const own =
      kind === "phone" ? customer.phones.map((one) => one.number) : customer.emails.map((one) => one.address);
    return (
      <AddressMark
        customer={customer}
        kind={kind}
        position={own.indexOf(address)}
        words={kind === "phone" ? phoneWords(address) : address}
        mayWrite={mayWrite}
        listed={listed.some((one) => one.kind === kind && one.address === address)}
      />
    );
  };
  return (
    <Panel
      title={t("facts")}
      aside={
        mayWrite && (
          <Anchor component="button" type="button" size="sm" onClick={onEdit}>
            {t("edit_all")}
          </Anchor>
        )
      }
    >
      <Facts>
        {fact(
          "phone",
          phone && <span className="tabular">{phoneWords(phone)}</span>,
          phone && mark("phone", phone),
        )}
        {customer.phones
          .filter((one) => one.number !== phone)
          .map((one) =>
            plain(
              one.label || t("other_phone"),
              <span className="tabular">{phoneWords(one.number)}</span>,
              one.number,
              "phone",
              mark("phone", one.number),
            ),
          )}
        {fact("email", email, email && mark("email", email))}
        {customer.emails
          .filter((one) => one.address !== email)
          .map((one) =>
            plain(
              one.label || t("other_email"),
              one.address,
              one.address,
              "email",
              mark("email", one.address),
            ),
          )}
        {fact("status", <StatusMark status={customer.status} />)}
        {fact("level", level.word(customer.level))}
        {fact("owner", customer.owner?.name)}
        {fact("source", source.word(customer.source))}
        {person
          ? [
              fact("gender", gender.word(customer.gender)),
              fact("birthday", customer.birthday && f.date(customer.birthday)),
            ]
          : [fact("industry", industry.word(customer.industry)), fact("tax_id", customer.tax_id)]}
        {fact("buying_style", style.word(customer.buying_style))}
        {customer.addresses.map((one, index) =>
          plain(
            one.label || t("field.address"),
            addressWords(one, f.language),
            `address-${index}`,
            "address",
          ),
        )}
        {custom.map(({ field, label, edit, options }) => (
          <InlineField key={field.id} label={label} row={customer} edit={mayWrite ? edit : undefined}>
            {seen(
              customer,
              `custom.${field.key}`,
              <CustomValue field={field} value={customer.custom[field.key]} options={options} />,
            )}
          </InlineField>
        ))}
        <Tags customer={customer} saver={saver} mayWrite={mayWrite} />
        {fact("note", customer.note)}
        {plain(t("field.created_at"), f.date(customer.created_at))}
      </Facts>
    </Panel>
  );
}

function addressWords(address: Address, language: string): string {
  const parts = [address.province, address.city, address.district, address.street].filter(Boolean);
  return language === "en" ? parts.toReversed().join(", ") : parts.join("");
}

function Tags({ customer, saver, mayWrite }: Omit<Props, "onEdit">) {
  const { t } = useTranslation("customers");
  const [editing, setEditing] = useState(false);
  const [ids, setIds] = useState<string[]>([]);
  const tags = useTagOptions(customer.unit.id);
  const names = (list: string[]) =>
    list.map((id) => tags.find((tag) => tag.value === id)?.label ?? "").join("、");
  const save = async () => {
    try {
      await saver.save(customer, {
        label: t("field.tags"),
        body: { tag_ids: ids },
        words: (row) => row.tags.map((tag) => tag.name).join("、"),
        mine: names(ids),
      });
      setEditing(false);
    } catch (problem) {
      toast.problem(problem);
    }
  };
  if (editing) {
    return (
      <div>
        <dt className="dim">{t("field.tags")}</dt>
        <dd style={{ margin: "0.25rem 0 0.5rem" }}>
          <LazyMultiSelect
            aria-label={t("field.tags")}
            autoFocus
            searchable
            data={tags}
            value={ids}
            onChange={setIds}
            nothingFoundMessage={t("no_tags")}
            onKeyDown={(event) => event.key === "Escape" && setEditing(false)}
          />
          <Group gap="xs" mt={6}>
            <Button size="compact-sm" onClick={() => void save()}>
              {t("common:action.save")}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => setEditing(false)}>
              {t("common:action.cancel")}
            </Button>
          </Group>
        </dd>
      </div>
    );
  }
  return (
    <InlineField label={t("field.tags")} row={customer}>
      <Group gap={4} component="span">
        {customer.tags.map((tag) => (
          <TagMark key={tag.id} tag={tag} />
        ))}
        {mayWrite && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => {
              setIds(customer.tags.map((tag) => tag.id));
              setEditing(true);
            }}
          >
            {t(customer.tags.length > 0 ? "common:action.edit" : "add_tags")}
          </Anchor>
        )}
      </Group>
    </InlineField>
  );
}

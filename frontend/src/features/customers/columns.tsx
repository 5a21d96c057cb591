import { IconBuilding } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { TagMark } from "@/features/platform";
import { type Format, useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, offered } from "@/shared/grid";
import { Group, TextLink } from "@/shared/ui";
import { CustomValue } from "./CustomFacts";
import { useDictionary } from "./choices";
import { primaryEmail, primaryPhone, useCustomEdits, useCustomerEdits } from "./edits";
import { ClassMark, LastContact, RfmMark, StageMark, StatusMark } from "./marks";
import { seen } from "./masked";
import { phoneWords } from "./phone";
import type { Customer, Metrics } from "./types";

type Say = (key: string) => string;
type Column = GridColumn<Customer>;

/** Every column the customers list can show; `fields` say which of them the server sorts by. */
export function useCustomerColumns(
  saver: Parameters<typeof useCustomerEdits>[0],
  mayEdit: boolean,
  fields: FilterField[],
): Column[] {
  const { t, i18n } = useTranslation(["customers", "outlook"]);
  const f = useFormat();
  const zh = i18n.language.startsWith("zh");
  const edits = useCustomerEdits(saver);
  const custom = useCustomEdits(saver);
  const level = useDictionary("level");
  const source = useDictionary("source");
  const industry = useDictionary("industry");
  return useMemo(() => {
    const columns: Column[] = [
      ...identity(t),
      {
        id: "phone",
        header: t("field.phone"),
        width: 172,
        phone: "meta",
        cell: (row) => seen(row, "phone", <span className="tabular">{phoneWords(primaryPhone(row))}</span>),
        edit: edits.phone,
      },
      {
        id: "status",
        header: t("field.status"),
        sort: "status",
        width: 100,
        cell: (row) => <StatusMark status={row.status} />,
        edit: edits.status,
      },
      {
        id: "level",
        header: t("field.level"),
        width: 110,
        cell: (row) => level.word(row.level),
        edit: edits.level,
      },
      {
        id: "owner",
        header: t("field.owner"),
        width: 110,
        cell: (row) => row.owner?.name,
        edit: edits.owner,
      },
      ...figures(t, f, zh),
      {
        id: "tags",
        header: t("field.tags"),
        width: 180,
        cell: (row) => (
          <Group gap={4} wrap="nowrap" component="span">
            {row.tags.slice(0, 3).map((tag) => (
              <TagMark key={tag.id} tag={tag} />
            ))}
            {row.tags.length > 3 && <span className="dim">+{row.tags.length - 3}</span>}
          </Group>
        ),
      },
      {
        id: "source",
        header: t("field.source"),
        width: 120,
        hidden: true,
        cell: (row) => source.word(row.source),
        edit: edits.source,
      },
      {
        id: "industry",
        header: t("field.industry"),
        width: 130,
        hidden: true,
        cell: (row) => industry.word(row.industry),
        edit: edits.industry,
      },
      {
        id: "email",
        header: t("field.email"),
        width: 200,
        hidden: true,
        cell: (row) => seen(row, "email", primaryEmail(row)),
        edit: edits.email,
      },
      {
        id: "birthday",
        header: t("field.birthday"),
        width: 120,
        hidden: true,
        cell: (row) => seen(row, "birthday", row.birthday && f.date(row.birthday)),
        edit: edits.birthday,
      },
      ...places(t, f),
      ...custom.map(
        ({ field, label, edit, options }): Column => ({
          id: `custom.${field.key}`,
          header: label,
          width: 140,
          hidden: true,
          align: field.type === "number" || field.type === "money" ? "right" : undefined,
          cell: (row) =>
            seen(
              row,
              `custom.${field.key}`,
              <CustomValue field={field} value={row.custom[field.key]} options={options} />,
            ),
          edit,
        }),
      ),
    ];
    return offered(columns, fields, mayEdit);
  }, [t, f, zh, edits, custom, level, source, industry, mayEdit, fields]);
}

function identity(t: Say): Column[] {
  return [
    {
      id: "name",
      header: t("field.name"),
      sort: "name_pinyin",
      width: 180,
      phone: "title",
      cell: (row) => (
        <Group gap={6} wrap="nowrap" component="span">
          <TextLink to="/customers/$id" params={{ id: row.id }} fw={600}>
            {row.name}
          </TextLink>
          {row.kind === "organization" && (
            <IconBuilding size={15} className="dim" aria-label={t("kind.organization")} />
          )}
        </Group>
      ),
    },
    {
      id: "code",
      header: t("field.code"),
      sort: "code",
      width: 120,
      cell: (row) => <span className="tabular dim">{row.code}</span>,
    },
  ];
}

/** Figures of the last evaluation; each heading explains its figure. */
function figures(t: Say, f: Format, zh: boolean): Column[] {
  const figure = (
    id: string,
    cell: (metrics: Metrics) => React.ReactNode,
    more: Partial<Column> = {},
  ): Column => ({
    id: `metrics.${id}`,
    header: t(`metric.${id}`),
    hint: t(`metric_hint.${id}`),
    sort: `metrics.${id}`,
    width: 110,
    align: "right",
    cell: (row) => row.metrics && cell(row.metrics),
    ...more,
  });
  const words = { align: undefined, width: 100 };
  return [
    figure("value_class", (m) => m.value && <ClassMark value={m.value.class} />, {
      ...words,
      phone: "end",
    }),
    figure("net", (m) => f.money(m.net), { width: 130, phone: "end" }),
    figure("orders", (m) => f.number(m.orders), { width: 90 }),
    figure("last_order_on", (m) => f.date(m.last_order_on), { width: 120 }),
    figure("recency_days", (m) => f.number(m.recency_days), { width: 110 }),
    figure("rfm", (m) => m.rfm && <RfmMark rfm={m.rfm} />, { sort: undefined, width: 90 }),
    figure("stage", (m) => m.stage && <StageMark stage={m.stage} />, { ...words }),
    figure("lifecycle", (m) => m.lifecycle && t(`outlook:lifecycle.${m.lifecycle}`), {
      ...words,
      hidden: true,
    }),
    figure("loyalty_class", (m) => m.loyalty_class, { ...words, width: 80, hidden: true }),
    figure("matrix", (m) => m.matrix && t(`outlook:matrix.${m.matrix}`), { ...words, hidden: true }),
    figure("situation", (m) => m.situation && t(`outlook:situation.${m.situation}`), {
      ...words,
      width: 160,
      hidden: true,
    }),
    figure("lifetime_value", (m) => m.lifetime_value && f.money(m.lifetime_value), {
      width: 130,
      hidden: true,
    }),
    figure("lifetime_basis", (m) => m.lifetime_basis && t(`outlook:basis.${m.lifetime_basis}`), {
      ...words,
      width: 160,
      hidden: true,
    }),
    figure("programme", (m) => m.programme && (zh ? m.programme.name_zh : m.programme.name_en), {
      ...words,
      width: 140,
      hidden: true,
    }),
    figure("programme_paid", (m) => f.number(m.programme?.paid), { hidden: true }),
    figure("programme_remaining", (m) => f.number(m.programme?.remaining, 1), { hidden: true }),
    figure("programme_value", (m) => m.programme?.value && f.money(m.programme.value), {
      width: 130,
      hidden: true,
    }),
    figure("residual_value", (m) => m.programme?.residual_value && f.money(m.programme.residual_value), {
      width: 130,
      hidden: true,
    }),
    figure("durable", (m) => m.durable && (zh ? m.durable.name_zh : m.durable.name_en), {
      ...words,
      width: 140,
      hidden: true,
    }),
    figure("durable_value", (m) => m.durable?.value && f.money(m.durable.value), {
      width: 140,
      hidden: true,
    }),
    figure("wallet_share", (m) => f.percent(m.wallet_share, 0), { hidden: true }),
    figure("past_value", (m) => m.past_value && f.money(m.past_value), { width: 130, hidden: true }),
    figure("expected_purchases", (m) => f.number(m.expected_purchases, 2), { hidden: true }),
    figure("alive", (m) => f.percent(m.alive, 0), { hidden: true }),
    figure("no_purchase", (m) => f.percent(m.no_purchase, 0), { hidden: true }),
    figure("risk", (m) => f.percent(m.risk, 0), { hidden: true }),
    figure("warned_on", (m) => f.date(m.warned_on), { width: 120, hidden: true }),
    figure("abc", (m) => m.abc, { ...words, width: 80, hidden: true }),
    figure("value_score", (m) => m.value && f.number(m.value.score, 1), { hidden: true }),
    figure("first_order_on", (m) => f.date(m.first_order_on), { width: 120, hidden: true }),
    figure("order_days", (m) => f.number(m.order_days), { hidden: true }),
    figure("gross", (m) => f.money(m.gross), { width: 130, hidden: true }),
    figure("returns", (m) => f.money(m.returns), { width: 120, hidden: true }),
    figure("margin", (m) => m.margin && f.money(m.margin), { width: 120, hidden: true }),
    figure("mean_gap_days", (m) => f.number(m.mean_gap_days, 1), { hidden: true }),
    figure("products", (m) => f.number(m.products), { hidden: true }),
    figure("discount_share", (m) => f.percent(m.discount_share, 1), { hidden: true }),
    figure("open_balance", (m) => m.open_balance && f.money(m.open_balance), { width: 120, hidden: true }),
    figure("contacts_30", (m) => f.number(m.contacts_30), { hidden: true }),
    figure("contacts_90", (m) => f.number(m.contacts_90), { hidden: true }),
    figure("contacts_365", (m) => f.number(m.contacts_365), { hidden: true }),
  ];
}

function places(t: Say, f: Format): Column[] {
  return [
    {
      id: "city",
      header: t("field.city"),
      width: 120,
      hidden: true,
      cell: (row) => (row.addresses.find((one) => one.primary) ?? row.addresses[0])?.city,
    },
    { id: "unit", header: t("field.unit"), width: 130, hidden: true, cell: (row) => row.unit.name },
    {
      id: "last_contact_at",
      header: t("field.last_contact_at"),
      sort: "last_contact_at",
      width: 130,
      cell: (row) => <LastContact at={row.last_contact_at} />,
    },
    {
      id: "created_at",
      header: t("field.created_at"),
      sort: "created_at",
      width: 130,
      hidden: true,
      cell: (row) => f.date(row.created_at),
    },
    {
      id: "updated_at",
      header: t("field.updated_at"),
      sort: "updated_at",
      width: 130,
      hidden: true,
      cell: (row) => f.ago(row.updated_at),
    },
  ];
}

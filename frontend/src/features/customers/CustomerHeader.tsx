import { IconDots, IconPencil, IconPhone, IconReceipt, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { TagMark } from "@/features/platform";
import { ReleaseToPool } from "@/features/pool";
import { useFormat } from "@/shared/format";
import {
  Button,
  ButtonLink,
  Figures,
  Group,
  IconButton,
  Menu,
  PageHeader,
  TextLink,
  toast,
} from "@/shared/ui";
import { useDictionary } from "./choices";
import { deleteCustomer, restoreCustomer } from "./commands";
import { DuplicatesLink } from "./Doubles";
import { primaryPhone } from "./edits";
import { ClassMark, RfmMark, StageMark, StatusMark } from "./marks";
import { phoneWords } from "./phone";
import type { Card, Customer } from "./types";

interface Props {
  card: Card;
  mayWrite: boolean;
  onEdit: () => void;
}

/** Who this is, at one look: name, class, value, stage, last contact, next date. */
export function CustomerHeader({ card, mayWrite, onEdit }: Props) {
  const { t } = useTranslation("customers");
  const { customer } = card;
  const maySell = useCan("sales:order:write");
  const mayDelete = useCan("customers:customer:delete");
  const phone = primaryPhone(customer);
  const level = useDictionary("level");
  return (
    <>
      <PageHeader
        title={customer.name}
        eyebrow={
          <>
            <TextLink to="/customers">{t("title")}</TextLink> ·{" "}
            <span className="tabular">{customer.code ?? t("no_code")}</span> · {customer.unit.name}
          </>
        }
        description={
          <Group gap={6} component="span">
            <StatusMark status={customer.status} />
            {customer.level && <span>{level.word(customer.level)}</span>}
            {customer.owner?.name && <span>{t("owned_by", { name: customer.owner.name })}</span>}
            {customer.tags.map((tag) => (
              <TagMark key={tag.id} tag={tag} />
            ))}
            <DuplicatesLink customer={customer} />
          </Group>
        }
        actions={
          <>
            {phone && !customer.masked?.includes("phone") && (
              <Button
                component="a"
                href={`tel:${phone}`}
                variant="default"
                leftSection={<IconPhone size={16} stroke={1.6} />}
              >
                <span className="tabular">{phoneWords(phone)}</span>
              </Button>
            )}
            {maySell && (
              <ButtonLink
                to="/orders/new"
                search={{ customer: customer.id }}
                variant="default"
                leftSection={<IconReceipt size={16} stroke={1.6} />}
              >
                {t("new_order")}
              </ButtonLink>
            )}
            <ReleaseToPool customer={customer} />
            {mayWrite && (
              <Button leftSection={<IconPencil size={16} />} onClick={onEdit}>
                {t("common:action.edit")}
              </Button>
            )}
            {mayDelete && <MoreMenu customer={customer} />}
          </>
        }
      />
      <HeaderFigures card={card} />
    </>
  );
}

function MoreMenu({ customer }: { customer: Customer }) {
  const { t } = useTranslation("customers");
  const client = useQueryClient();
  const navigate = useNavigate();
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("customers") });
  const undo = async () => {
    try {
      await restoreCustomer(customer.id);
      await refresh();
      void navigate({ to: "/customers/$id", params: { id: customer.id } });
    } catch (problem) {
      toast.problem(problem);
    }
  };
  const remove = async () => {
    try {
      await deleteCustomer(customer);
    } catch (problem) {
      return toast.problem(problem);
    }
    toast.undo(
      t("common:state.deleted", { name: customer.name }),
      t("common:action.undo"),
      () => void undo(),
    );
    void navigate({ to: "/customers" });
    await refresh();
  };
  return (
    <Menu
      position="bottom-end"
      target={
        <IconButton label={t("common:action.more")} size="lg" variant="default">
          <IconDots size={18} />
        </IconButton>
      }
    >
      {({ Item }) => (
        <>
          <Item color="red" leftSection={<IconTrash size={16} />} onClick={() => void remove()}>
            {t("common:action.delete")}
          </Item>
        </>
      )}
    </Menu>
  );
}

function HeaderFigures({ card }: { card: Card }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const { customer } = card;
  const metrics = card.metrics ?? customer.metrics;
  const next = card.dates_coming[0];
  const list: [key: string, value: ReactNode][] = [
    ["value_class", metrics?.value && <ClassMark value={metrics.value.class} />],
    ["net", metrics && f.money(metrics.net)],
    ["orders", metrics && f.number(metrics.orders)],
    ["stage", metrics?.stage && <StageMark stage={metrics.stage} />],
    ["rfm", metrics?.rfm && <RfmMark rfm={metrics.rfm} />],
    ["last_order_on", metrics?.last_order_on && f.ago(metrics.last_order_on)],
    [
      "last_contact",
      (metrics?.last_contact_at ?? customer.last_contact_at) &&
        f.ago(metrics?.last_contact_at ?? customer.last_contact_at),
    ],
    ["next_date", next && `${next.label} · ${f.monthDay(next.on)}`],
  ];
  const figures = list.map(([key, value]) => ({
    key,
    label: t(`metric.${key}`),
    hint: t(`metric_hint.${key}`),
    value,
  }));
  return <Figures figures={figures} />;
}

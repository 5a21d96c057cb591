import { IconCopy, IconFileCheck, IconPencil } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { CustomFacts } from "@/features/customers";
import { Facts, InlineField } from "@/shared/form";
import { useFormat } from "@/shared/format";
import {
  Button,
  ButtonLink,
  ConfirmDelete,
  DeleteButton,
  Figures,
  Group,
  Page,
  PageHeader,
  Panel,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { LineTable } from "../LineTable";
import { QuoteMark } from "../marks";
import classes from "../Order.module.css";
import { PaperMenu } from "../PaperMenu";
import type { Quote, QuoteStatus } from "../types";
import { deleteQuote, moveQuote, orderQuote, QUOTES, quoteQuery, reviseQuote } from "./queries";

export function QuotePage() {
  const { id } = useParams({ from: "/_app/quotes/$id/" });
  const quote = useQuery(quoteQuery(id));
  if (quote.data) return <Shown key={quote.data.id} quote={quote.data} />;
  return (
    <Page width="regular">
      <Waiting query={quote} rows={10} />
    </Page>
  );
}

function Shown({ quote }: { quote: Quote }) {
  const { t } = useTranslation(["quotes", "sales"]);
  const f = useFormat();
  return (
    <Page width="regular">
      <PageHeader
        title={quote.versions.length > 1 ? t("version_title", quote) : quote.code}
        eyebrow={<TextLink to="/quotes">{t("title")}</TextLink>}
        description={
          <Group gap="xs" component="span">
            <QuoteMark status={quote.status} />
            {quote.customer.name && (
              <TextLink to="/customers/$id" params={{ id: quote.customer.id }}>
                {quote.customer.name}
              </TextLink>
            )}
            <span>{t("valid", { until: f.date(quote.valid_until) })}</span>
          </Group>
        }
        actions={
          <>
            <PaperMenu of="quotes" id={quote.id} code={quote.code} />
            <Actions quote={quote} />
          </>
        }
      />
      <Figures
        figures={[
          { key: "net", label: t("field.net"), hint: t("net_hint"), value: f.money(quote.net) },
          { key: "tax", label: t("field.tax"), hint: t("tax_hint"), value: f.money(quote.tax) },
          { key: "discount", label: t("sales:field.discount"), value: f.money(quote.discount) },
          { key: "valid_until", label: t("field.valid_until"), value: f.date(quote.valid_until) },
        ]}
      />
      <Panel title={t("sales:lines")} flush>
        {quote.lines.length > 0 ? (
          <LineTable of={quote} />
        ) : (
          <p className={classes.nothing}>{t("no_lines")}</p>
        )}
      </Panel>
      <div className={classes.below}>
        <Panel title={t("sales:facts")}>
          <Facts>
            <InlineField label={t("field.order")} row={quote}>
              {quote.order && (
                <TextLink to="/orders/$id" params={{ id: quote.order.id }}>
                  {quote.order.name}
                </TextLink>
              )}
            </InlineField>
            <InlineField label={t("field.opportunity")} row={quote}>
              {quote.opportunity?.name && (
                <TextLink to="/sales/$id" params={{ id: quote.opportunity.id }}>
                  {quote.opportunity.name}
                </TextLink>
              )}
            </InlineField>
            <InlineField label={t("field.quoted_on")} row={quote}>
              {f.date(quote.quoted_on)}
            </InlineField>
            <InlineField label={t("field.owner")} row={quote}>
              {quote.owner?.name}
            </InlineField>
            <InlineField label={t("field.unit")} row={quote}>
              {quote.unit.name}
            </InlineField>
            <CustomFacts resource="quote" row={quote} />
            <InlineField label={t("field.note")} row={quote}>
              {quote.note}
            </InlineField>
          </Facts>
        </Panel>
        <Versions quote={quote} />
      </div>
      <Removal quote={quote} />
    </Page>
  );
}

/** What can be done with it now: the next step stands out. */
function Actions({ quote }: { quote: Quote }) {
  const { t } = useTranslation("quotes");
  const client = useQueryClient();
  const navigate = useNavigate();
  const may = useCan("sales:order:write");
  const refresh = () => client.invalidateQueries({ queryKey: keys.of(QUOTES) });
  const move = useMutation({
    mutationFn: (status: QuoteStatus) => moveQuote(quote.id, status),
    onSuccess: refresh,
  });
  const revise = useMutation({
    mutationFn: () => reviseQuote(quote.id),
    onSuccess: async (made) => {
      await refresh();
      await navigate({ to: "/quotes/$id/edit", params: { id: made.id } });
    },
  });
  const order = useMutation({
    mutationFn: () => orderQuote(quote.id),
    onSuccess: async (made) => {
      await navigate({ to: "/orders/$id", params: { id: made.id } });
      void refresh();
      void client.invalidateQueries({ queryKey: keys.of("orders") });
      void client.invalidateQueries({ queryKey: keys.of("customers") });
    },
  });
  if (!may) return null;
  const orders = !quote.order && (quote.status === "sent" || quote.status === "accepted");
  return (
    <>
      {quote.status === "draft" && (
        <ButtonLink
          variant="default"
          to="/quotes/$id/edit"
          params={{ id: quote.id }}
          leftSection={<IconPencil size={16} stroke={1.6} />}
        >
          {t("common:action.edit")}
        </ButtonLink>
      )}
      {quote.revisable && (
        <Button
          variant="default"
          leftSection={<IconCopy size={16} stroke={1.6} />}
          loading={revise.isPending}
          onClick={() => revise.mutate()}
        >
          {t("revise")}
        </Button>
      )}
      {quote.next_statuses.map((status) => (
        <Button
          key={status}
          variant={quote.status === "draft" ? "filled" : "default"}
          loading={move.isPending && move.variables === status}
          onClick={() => move.mutate(status)}
        >
          {t(quote.status === "draft" || status !== "sent" ? `move.${status}` : "take_back")}
        </Button>
      ))}
      {orders && (
        <Button
          leftSection={<IconFileCheck size={16} stroke={1.6} />}
          loading={order.isPending}
          onClick={() => order.mutate()}
        >
          {t("make_order")}
        </Button>
      )}
    </>
  );
}

/** How the offer came to be what it is. */
function Versions({ quote }: { quote: Quote }) {
  const { t } = useTranslation("quotes");
  if (quote.versions.length < 2) return null;
  return (
    <Panel title={t("versions")} flush>
      <ul className={classes.rows}>
        {quote.versions.toReversed().map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.rowWords}>
              {one.id === quote.id ? (
                t("nth_version", one)
              ) : (
                <TextLink to="/quotes/$id" params={{ id: one.id }}>
                  {t("nth_version", one)}
                </TextLink>
              )}
            </span>
            <QuoteMark status={one.status} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

/** Only a draft is taken away. */
function Removal({ quote }: { quote: Quote }) {
  const { t } = useTranslation("quotes");
  const client = useQueryClient();
  const navigate = useNavigate();
  const may = useCan("sales:order:write");
  const [asking, setAsking] = useState(false);
  if (!may || quote.status !== "draft") return null;
  return (
    <Group>
      <DeleteButton onClick={() => setAsking(true)} />
      <ConfirmDelete
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("delete_title", { code: quote.code })}
        onConfirm={async () => {
          await deleteQuote(quote);
          await navigate({ to: "/quotes" });
          await client.invalidateQueries({ queryKey: keys.of(QUOTES) });
        }}
      >
        {t("delete_hint")}
      </ConfirmDelete>
    </Group>
  );
}

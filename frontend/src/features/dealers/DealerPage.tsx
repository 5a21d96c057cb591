import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { CustomerPicker, useDictionary } from "@/features/customers";
import { settingsQuery } from "@/features/platform";
import { useFormat } from "@/shared/format";
import {
  Badge,
  Button,
  Confirm,
  Figures,
  Group,
  IconButton,
  Page,
  PageHeader,
  Panel,
  Table,
  TextLink,
  toast,
  Waiting,
} from "@/shared/ui";
import classes from "@/shared/ui/Record.module.css";
import { addClerk, DEALERS, type Dealer, dealerQuery, deleteDealer, STATES } from "./queries";

const DealerEdit = lazy(() => import("./DealerEdit"));
const TrainingDialog = lazy(() => import("./TrainingDialog"));

/** One organisation that sells on: who sells there and what they have learnt, what was sold, our part of what they buy. */
export function DealerPage() {
  const { id } = useParams({ from: "/_app/dealers/$id" });
  const dealer = useQuery(dealerQuery(id));
  if (dealer.data) return <Shown dealer={dealer.data} />;
  return (
    <Page>
      <Waiting query={dealer} rows={12} />
    </Page>
  );
}

function Shown({ dealer }: { dealer: Dealer }) {
  const { t } = useTranslation("dealers");
  const f = useFormat();
  const mayWrite = useCan("customers:customer:write");
  const kinds = useDictionary("dealer_kind");
  const [editing, setEditing] = useState(false);
  return (
    <Page>
      <PageHeader
        title={dealer.customer.name}
        eyebrow={<TextLink to="/dealers">{t("title")}</TextLink>}
        description={
          <>
            {[kinds.word(dealer.kind), dealer.territory].filter(Boolean).join(" · ")}{" "}
            <TextLink to="/customers/$id" params={{ id: dealer.customer.id }}>
              {t("to_customer")}
            </TextLink>
          </>
        }
        actions={
          mayWrite && (
            <>
              <EndDealer dealer={dealer} />
              <Button leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
                {t("common:action.edit")}
              </Button>
            </>
          )
        }
      />
      <Figures
        figures={[
          { key: "clerks", label: t("field.clerks"), value: f.number(dealer.clerks.length) },
          { key: "trained", label: t("field.trained"), value: f.number(dealer.clerks_trained) },
          {
            key: "wallet",
            label: t("field.wallet_share"),
            hint: t("wallet_hint"),
            value: typeof dealer.wallet_share === "number" && f.percent(dealer.wallet_share),
          },
          { key: "since", label: t("field.since"), value: dealer.since && f.date(dealer.since) },
          { key: "ended", label: t("field.ended_on"), value: dealer.ended_on && f.date(dealer.ended_on) },
        ]}
      />
      <div className={classes.columns}>
        <div className={classes.main}>
          <Sold dealer={dealer} />
          {dealer.note && (
            <Panel title={t("field.note")}>
              <p className={classes.plan}>{dealer.note}</p>
            </Panel>
          )}
        </div>
        <div className={classes.side}>
          <Clerks dealer={dealer} mayWrite={mayWrite} />
        </div>
      </div>
      <Suspense>{editing && <DealerEdit dealer={dealer} onClose={() => setEditing(false)} />}</Suspense>
    </Page>
  );
}

function EndDealer({ dealer }: { dealer: Dealer }) {
  const { t } = useTranslation("dealers");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const end = async () => {
    await deleteDealer(dealer);
    await navigate({ to: "/customers/$id", params: { id: dealer.customer.id } });
    client.removeQueries({ queryKey: keys.one(DEALERS, dealer.id) });
    void client.invalidateQueries({ queryKey: keys.of(DEALERS) });
    void client.invalidateQueries({ queryKey: keys.one("customers", dealer.customer.id) });
  };
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
        {t("end")}
      </Button>
      <Confirm
        opened={asking}
        title={t("end_title", { name: dealer.customer.name })}
        verb={t("end")}
        danger
        onClose={() => setAsking(false)}
        onConfirm={end}
      >
        {t("end_hint")}
      </Confirm>
    </>
  );
}

function Clerks({ dealer, mayWrite }: { dealer: Dealer; mayWrite: boolean }) {
  const { t } = useTranslation("dealers");
  const f = useFormat();
  const client = useQueryClient();
  const courses = useDictionary("training_course");
  const [adding, setAdding] = useState(false);
  const [teaching, setTeaching] = useState<string>();
  const refresh = () => client.invalidateQueries({ queryKey: keys.of(DEALERS) });
  const add = useMutation({
    mutationFn: (person: string) => addClerk(dealer.customer.id, person),
    onSuccess: () => {
      setAdding(false);
      return refresh();
    },
    onError: toast.problem,
  });
  return (
    <Panel
      title={t("clerks")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("add_clerk")} onClick={() => setAdding(true)}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {dealer.clerks.length === 0 && !adding && <p className={classes.nothing}>{t("no_clerks")}</p>}
      <ul className={classes.rows}>
        {adding && (
          <li className={classes.row}>
            <span className={classes.words}>
              <CustomerPicker
                label={t("clerk_who")}
                autoFocus
                value={null}
                onChange={(id) => id && add.mutate(id)}
              />
            </span>
          </li>
        )}
        {dealer.clerks.map((one) => (
          <li key={one.relation_id} className={classes.row}>
            <span className={classes.words}>
              <TextLink to="/customers/$id" params={{ id: one.person.id }}>
                {one.person.name}
              </TextLink>
              <br />
              <span className={classes.sub}>
                {one.trainings
                  .slice(0, 2)
                  .map((training) => `${courses.word(training.course)} ${f.date(training.on)}`)
                  .join(" · ")}
              </span>
            </span>
            <Group gap={6} wrap="nowrap">
              <Badge variant="light" color={STATES[one.state]}>
                {t(`state.${one.state}`)}
              </Badge>
              {mayWrite && (
                <IconButton
                  label={t("teach", { name: one.person.name })}
                  onClick={() => setTeaching(one.person.id)}
                >
                  <IconPlus size={15} />
                </IconButton>
              )}
            </Group>
          </li>
        ))}
      </ul>
      <Suspense>
        {teaching && (
          <TrainingDialog customer={teaching} onClose={() => setTeaching(undefined)} onSaved={refresh} />
        )}
      </Suspense>
    </Panel>
  );
}

function Sold({ dealer }: { dealer: Dealer }) {
  const { t, i18n } = useTranslation("dealers");
  const f = useFormat();
  const measures = useQuery(settingsQuery).data?.settings.sellout.measures ?? [];
  const word = (key: string) => {
    const measure = measures.find((one) => one.key === key);
    return (i18n.language.startsWith("zh") ? measure?.label_zh : measure?.label_en) ?? key;
  };
  const told = new Set(dealer.sold.map((one) => one.measure));
  const months = [...new Set(dealer.sold.map((one) => one.month))].toSorted().toReversed();
  const shown = (month: string, measure: string) => {
    const one = dealer.sold.find((cell) => cell.month === month && cell.measure === measure);
    return one?.amount ? f.money(one.amount) : one?.quantity && f.number(Number(one.quantity));
  };
  return (
    <Panel title={t("sold")} flush>
      {months.length === 0 && <p className={classes.nothing}>{t("no_sold")}</p>}
      {months.length > 0 && (
        <Table.ScrollContainer minWidth={200}>
          <Table aria-label={t("sold")} horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("month")}</Table.Th>
                {[...told].map((measure) => (
                  <Table.Th key={measure} ta="right">
                    {word(measure)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {months.map((month) => (
                <Table.Tr key={month}>
                  <Table.Th scope="row">{month}</Table.Th>
                  {[...told].map((measure) => (
                    <Table.Td key={measure} ta="right">
                      {shown(month, measure)}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Schema, useCan } from "@/api";
import { Alert, Group, TextLink, useDebouncedValue } from "@/shared/ui";
import classes from "./Candidates.module.css";
import { ElsewhereCheck } from "./ElsewhereCheck";
import type { CustomerValues } from "./form";
import { phoneWords } from "./phone";
import type { Customer } from "./types";

const PAUSE_MS = 300;

type Candidate = Schema<"CandidateView">;

interface Props {
  values: CustomerValues;
  customer?: Customer;
}

/** Who the customer being typed may be already; one can look, and go on. */
export function Candidates({ values, customer }: Props) {
  const { t } = useTranslation("customers");
  const mayAsk = useCan("customers:duplicate:check");
  const body = {
    kind: values.kind,
    name: values.name.trim(),
    phones: values.phones.map((one) => one.number.trim()).filter(Boolean),
    emails: values.emails.map((one) => one.address.trim()).filter(Boolean),
    tax_id: values.tax_id.trim() || null,
    birthday: values.birthday,
    unit_id: customer?.unit.id,
    except_id: customer?.id,
  };
  const [asked] = useDebouncedValue(JSON.stringify(body), PAUSE_MS);
  const enough = body.name.length > 1 || body.phones.length + body.emails.length > 0 || body.tax_id !== null;
  const found = useQuery({
    queryKey: keys.list("candidates", asked),
    queryFn: ({ signal }) => ok(api.POST("/duplicates/candidates", { body: JSON.parse(asked), signal })),
    enabled: enough,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const list = enough ? (found.data?.items ?? []) : [];
  const elsewhere = { phones: body.phones, emails: body.emails, tax_id: body.tax_id };
  const identified = body.phones.length + body.emails.length > 0 || body.tax_id !== null;
  return (
    <>
      <div role="status" aria-live="polite">
        {list.length > 0 && (
          <Alert
            color={list[0]?.certainty === "certain" ? "ember" : "yellow"}
            title={t(`candidate.${list[0]?.certainty ?? "possible"}`)}
            classNames={{ title: classes.title }}
          >
            <ul className={classes.list}>
              {list.map((one) => (
                <CandidateRow key={one.customer.id} candidate={one} />
              ))}
            </ul>
          </Alert>
        )}
      </div>
      {mayAsk && identified && <ElsewhereCheck body={elsewhere} />}
    </>
  );
}

function CandidateRow({ candidate }: { candidate: Candidate }) {
  const { t } = useTranslation("customers");
  const { customer } = candidate;
  const said = [
    customer.code,
    phoneWords(customer.phones[0]?.number),
    customer.owner?.name,
    ...new Set(
      candidate.reasons.flatMap((reason) => reason.met).map((met) => t(`met.${met.field}.${met.how}`)),
    ),
  ];
  return (
    <li>
      <Group gap={8} wrap="wrap">
        <TextLink to="/customers/$id" params={{ id: customer.id }} target="_blank" fw={600}>
          {customer.name}
        </TextLink>
        <span>{said.filter(Boolean).join(" · ")}</span>
      </Group>
    </li>
  );
}

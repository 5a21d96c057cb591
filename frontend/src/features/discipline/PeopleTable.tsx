import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Badge, Text, TextLink } from "@/shared/ui";
import { type Person, type Report, untouchedOf } from "./queries";

/** People one by one; what is untouched leads to the records. */
export function PeopleTable({ people, report }: { people: Person[]; report: Report }) {
  const { t } = useTranslation("discipline");
  const f = useFormat();
  const many = report.units.length > 1;
  return (
    <SimpleTable
      label={t("people")}
      rows={people}
      rowKey={(one) => one.user.id}
      columns={[
        {
          id: "user",
          header: t("person"),
          cell: (one) => (
            <>
              <Text span fw={600}>
                {one.user.name}
              </Text>
              <Text size="sm" c="dimmed">
                {[many && one.unit.name, one.department.name].filter(Boolean).join(" · ")}
              </Text>
            </>
          ),
        },
        {
          id: "days",
          header: t("days"),
          align: "right",
          cell: (one) => (
            <Text
              span
              c={one.kept_days < one.required_days ? "var(--mantine-color-error)" : undefined}
              className="tabular"
            >
              {t("kept_of", { kept: f.number(one.kept_days), required: f.number(one.required_days) })}
            </Text>
          ),
        },
        {
          id: "used",
          header: t("used_days"),
          align: "right",
          wide: true,
          cell: (one) => f.number(one.used_days),
        },
        {
          id: "travel",
          header: t("travel_days"),
          align: "right",
          wide: true,
          cell: (one) => f.number(one.travel_days),
        },
        {
          id: "last",
          header: t("last_used"),
          wide: true,
          cell: (one) => (
            <>
              {one.last_used_on ? f.date(one.last_used_on) : t("never")}{" "}
              {one.idle && (
                <Badge size="sm" variant="light" color="red">
                  {t("idle_for", { count: one.idle_days })}
                </Badge>
              )}
            </>
          ),
        },
        {
          id: "leads",
          header: t("untouched_leads"),
          align: "right",
          cell: (one) => <Untouched of={one} type="lead" report={report} />,
        },
        {
          id: "opportunities",
          header: t("untouched_opportunities"),
          align: "right",
          cell: (one) => <Untouched of={one} type="opportunity" report={report} />,
        },
      ]}
    />
  );
}

/** How many of what is open nobody has touched, as the way to them. */
function Untouched({ of, type, report }: { of: Person; type: "lead" | "opportunity"; report: Report }) {
  const { t } = useTranslation("discipline");
  const f = useFormat();
  const [open, untouched] =
    type === "lead"
      ? [of.open_leads, of.untouched_leads]
      : [of.open_opportunities, of.untouched_opportunities];
  const words = t("kept_of", { kept: f.number(untouched), required: f.number(open) });
  if (untouched === 0) return <span className="tabular">{words}</span>;
  return (
    <TextLink
      to="/sales/list"
      search={{ filter: untouchedOf(of.user.id, type, report.rule), sort: "touched_at" } as never}
      className="tabular"
      fw={600}
    >
      {words}
    </TextLink>
  );
}

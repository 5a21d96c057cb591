import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { Button, Group, Menu, Panel, toast } from "@/shared/ui";
import { QualificationMark } from "./marks";
import classes from "./Qualification.module.css";
import { qualificationsOfQuery, startQualification, templatesQuery } from "./queries";

const Course = lazy(() => import("./Course").then((module) => ({ default: module.Course })));
const Past = lazy(() => import("./Past").then((module) => ({ default: module.Past })));

interface Props {
  customer: { id: string; code?: string | null; unit: { id: string } };
  mayWrite: boolean;
}

/** How someone becomes a customer: nothing where the unit asks for nothing. */
export function QualificationPanel({ customer, mayWrite }: Props) {
  const { t } = useTranslation("qualifications");
  const client = useQueryClient();
  const all = useQuery(qualificationsOfQuery(customer.id)).data;
  const templates = useQuery({ ...templatesQuery, enabled: all !== undefined }).data ?? [];
  const start = useMutation({
    mutationFn: (template: string) => startQualification(customer.id, template),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.of("qualifications") }),
        client.invalidateQueries({ queryKey: keys.of("customers") }),
      ]),
    onError: toast.problem,
  });
  if (!all) return null;
  const fitting = templates.filter((one) => one.active && (!one.unit || one.unit.id === customer.unit.id));
  const [latest, ...earlier] = all;
  const over = !latest || latest.status === "withdrawn" || latest.status === "qualified";
  const mayStart = mayWrite && over && fitting.length > 0 && !customer.code;
  if (!latest && !mayStart) return null;
  const first = fitting[0];
  return (
    <Panel
      title={t("title")}
      aside={
        <Group gap="xs">
          {latest && <span className={classes.sub}>{latest.template.name}</span>}
          {latest && <QualificationMark status={latest.status} />}
        </Group>
      }
    >
      <Suspense>{latest && <Course key={latest.id} row={latest} mayWrite={mayWrite} />}</Suspense>
      {mayStart && first && (
        <div className={classes.start}>
          <p>{t(latest ? "start_again_hint" : "start_hint")}</p>
          {fitting.length === 1 ? (
            <Button
              leftSection={<IconRosetteDiscountCheck size={16} />}
              loading={start.isPending}
              onClick={() => start.mutate(first.id)}
            >
              {t("start_with", { name: first.name })}
            </Button>
          ) : (
            <Menu
              target={
                <Button leftSection={<IconRosetteDiscountCheck size={16} />} loading={start.isPending}>
                  {t("start")}
                </Button>
              }
            >
              {({ Item }) => (
                <>
                  {fitting.map((one) => (
                    <Item key={one.id} onClick={() => start.mutate(one.id)}>
                      {one.name}
                    </Item>
                  ))}
                </>
              )}
            </Menu>
          )}
        </div>
      )}
      <Suspense>{earlier.length > 0 && <Past rows={earlier} />}</Suspense>
    </Panel>
  );
}

import { IconMoonStars } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Badge, EmptyState, SidePanel, Stack, Text, TextLink, Waiting } from "@/shared/ui";
import { type Pool, previewQuery } from "./queries";

/** Who would be warned of, and who would go to the pool, in the next night. */
export default function PreviewPanel({ pool, onClose }: { pool: Pool; onClose: () => void }) {
  const { t } = useTranslation("pool");
  const f = useFormat();
  const preview = useQuery(previewQuery(pool.id));
  const found = preview.data;
  return (
    <SidePanel opened onClose={onClose} title={t("preview_title")} size="lg">
      <Stack>
        <Waiting query={preview} rows={6} />
        {found && !pool.active && <Text size="sm">{t("off_hint")}</Text>}
        {found && found.customers.length === 0 && (
          <EmptyState icon={<IconMoonStars size={28} stroke={1.5} />} title={t("preview_none")}>
            {t("preview_none_hint")}
          </EmptyState>
        )}
        {found && found.customers.length > 0 && (
          <>
            <Text size="sm">
              {t("preview_sum", {
                day: f.date(found.on),
                recycled: f.number(found.recycled),
                warned: f.number(found.warned),
              })}
            </Text>
            <SimpleTable
              label={t("preview_title")}
              rows={found.customers}
              rowKey={(one) => one.customer.id}
              columns={[
                {
                  id: "customer",
                  header: t("customer"),
                  cell: (one) => (
                    <TextLink to="/customers/$id" params={{ id: one.customer.id }}>
                      {one.customer.name}
                    </TextLink>
                  ),
                },
                { id: "owner", header: t("owner"), cell: (one) => one.owner.name },
                { id: "touched", header: t("touched_on"), cell: (one) => f.date(one.touched_on), wide: true },
                {
                  id: "fate",
                  header: t("fate"),
                  cell: (one) => (
                    <Badge tt="none" radius="sm" variant="light" color={one.recycled ? "red" : "yellow"}>
                      {one.recycled ? t("kind.recycled") : t("warned", { day: f.date(one.goes_on) })}
                    </Badge>
                  ),
                },
              ]}
            />
          </>
        )}
      </Stack>
    </SidePanel>
  );
}

import { IconChartBar, IconGauge, IconLayoutKanban, IconList } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ButtonLink, Group } from "@/shared/ui";

/** Board, list, figures: three sights of the same; and how leads are scored. */
export function SalesPlaces({ at }: { at: "board" | "list" | "figures" | "scoring" }) {
  const { t } = useTranslation("pipeline");
  const variant = (place: typeof at) => (place === at ? "light" : "subtle");
  const current = (place: typeof at) => (place === at ? ("page" as const) : undefined);
  return (
    <Group gap={4} wrap="nowrap">
      <ButtonLink
        to="/sales"
        size="compact-md"
        variant={variant("board")}
        aria-current={current("board")}
        leftSection={<IconLayoutKanban size={16} />}
      >
        {t("board")}
      </ButtonLink>
      <ButtonLink
        to="/sales/list"
        size="compact-md"
        variant={variant("list")}
        aria-current={current("list")}
        leftSection={<IconList size={16} />}
      >
        {t("list")}
      </ButtonLink>
      <ButtonLink
        to="/sales/figures"
        size="compact-md"
        variant={variant("figures")}
        aria-current={current("figures")}
        leftSection={<IconChartBar size={16} />}
      >
        {t("figures")}
      </ButtonLink>
      <ButtonLink
        to="/sales/scoring"
        size="compact-md"
        variant={variant("scoring")}
        aria-current={current("scoring")}
        leftSection={<IconGauge size={16} />}
      >
        {t("scoring")}
      </ButtonLink>
    </Group>
  );
}

import { IconCar, IconCrystalBall, IconRepeat } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ButtonLink, Group } from "@/shared/ui";

/** Where lifetime values come from: purchases that come as they come, bills, and goods bought once in years. */
export function LifetimePlaces({ at }: { at: "purchases" | "programmes" | "durables" }) {
  const { t } = useTranslation("programmes");
  const variant = (place: typeof at) => (place === at ? "light" : "subtle");
  const current = (place: typeof at) => (place === at ? ("page" as const) : undefined);
  return (
    <nav aria-label={t("places.title")}>
      <Group gap={4} mb="sm">
        <ButtonLink
          to="/insight/lifetime"
          size="compact-md"
          variant={variant("purchases")}
          aria-current={current("purchases")}
          leftSection={<IconCrystalBall size={16} />}
        >
          {t("places.purchases")}
        </ButtonLink>
        <ButtonLink
          to="/insight/lifetime/programmes"
          size="compact-md"
          variant={variant("programmes")}
          aria-current={current("programmes")}
          leftSection={<IconRepeat size={16} />}
        >
          {t("places.programmes")}
        </ButtonLink>
        <ButtonLink
          to="/insight/lifetime/durables"
          size="compact-md"
          variant={variant("durables")}
          aria-current={current("durables")}
          leftSection={<IconCar size={16} />}
        >
          {t("places.durables")}
        </ButtonLink>
      </Group>
    </nav>
  );
}

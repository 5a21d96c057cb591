import { useTranslation } from "react-i18next";
import type { ServerForm } from "@/shared/form";
import { Panel, SimpleGrid, TextInput } from "@/shared/ui";
import type { CompanyValues } from "./CompanyForm";

const DAYS = ["customer_days", "lead_days", "opportunity_days", "idle_days", "travel_days"] as const;

/** How long records may stay silent, and how often people are to be here. */
export default function FollowUpPanel({ form }: { form: ServerForm<CompanyValues> }) {
  const { t } = useTranslation("admin");
  return (
    <Panel title={t("follow_up.title")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {DAYS.map((name) => (
          <TextInput
            key={name}
            label={t(`follow_up.${name}`)}
            type="number"
            min={name === "travel_days" ? 0 : 1}
            max={name === "travel_days" ? 7 : 3650}
            {...form.field(`settings.follow_up.${name}`)}
            onChange={(event) => form.set(`settings.follow_up.${name}`, Number(event.currentTarget.value))}
          />
        ))}
      </SimpleGrid>
    </Panel>
  );
}

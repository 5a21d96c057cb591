import { IconLinkOff, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Alert, Button, CopyField, Group, Popover, Stack, Text } from "@/shared/ui";
import { chainQuery } from "./queries";

/** Whether the log is as it was written: how far it is sealed and verified, or where the chain is broken. */
export function ChainLine() {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const [opened, setOpened] = useState(false);
  const chain = useQuery(chainQuery).data;
  if (!chain) return null;
  if (chain.broken_at != null) {
    return (
      <Alert
        color="red"
        icon={<IconLinkOff size={18} />}
        title={t("chain.broken", { at: f.number(chain.broken_at) })}
      >
        {t(`chain.fault.${chain.broken_why ?? "link"}`)} {t("chain.broken_next")}
      </Alert>
    );
  }
  const verified =
    chain.verified_at == null
      ? t("chain.unverified")
      : t("chain.verified", { until: f.number(chain.verified_until), at: f.dateTime(chain.verified_at) });
  return (
    <Group gap="xs" wrap="wrap">
      <IconShieldCheck size={16} stroke={1.5} aria-hidden />
      <Text size="sm" c="dimmed">
        {t("chain.sealed", { until: f.number(chain.sealed_until) })} {verified}
      </Text>
      {chain.sealed_hash && (
        <Popover
          label={t("chain.seal")}
          width={420}
          opened={opened}
          onChange={setOpened}
          target={
            <Button variant="subtle" size="compact-sm" onClick={() => setOpened(!opened)}>
              {t("chain.seal")}
            </Button>
          }
        >
          <Stack gap="xs">
            <Text size="sm">{t("chain.note")}</Text>
            <CopyField label={t("chain.seal")} value={`${chain.sealed_until}:${chain.sealed_hash}`} />
          </Stack>
        </Popover>
      )}
    </Group>
  );
}

import { IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Button, Group, Stack, Text, toast } from "@/shared/ui";
import classes from "./SecondFactor.module.css";

/** Codes that are shown this once; whoever closes them has kept them. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useTranslation("access");
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join("\n"));
    toast.done(t("factor.copied"));
  };
  return (
    <Stack gap="md">
      <Text>{t("factor.codes_hint")}</Text>
      <ul className={classes.codes} aria-label={t("factor.codes")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group justify="space-between">
        <Button variant="default" leftSection={<IconCopy size={16} />} onClick={() => void copy()}>
          {t("factor.copy")}
        </Button>
        <Button onClick={onDone}>{t("factor.kept")}</Button>
      </Group>
    </Stack>
  );
}

import { useTranslation } from "react-i18next";
import { Alert, CopyField, Dialog, Stack } from "@/shared/ui";

/** A secret, the only time it is shown. */
export function SecretOnce({
  title,
  secret,
  onClose,
}: {
  title: string;
  secret: string;
  onClose: () => void;
}) {
  const { t } = useTranslation("admin");
  return (
    <Dialog opened onClose={onClose} title={title} size="lg">
      <Stack>
        <Alert color="ember" variant="light">
          {t("webhooks.once")}
        </Alert>
        <CopyField label={t("webhooks.secret")} value={secret} />
      </Stack>
    </Dialog>
  );
}

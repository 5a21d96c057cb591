import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, PasswordInput, Text, TextInput, toast } from "@/shared/ui";
import { RecoveryCodes } from "./RecoveryCodes";

interface Props {
  what: "codes" | "remove";
  onClose: () => void;
  onDone: () => void;
}

/** Asks for password and code before the second step is switched off or gets new recovery codes. */
export default function ProofDialog({ what, onClose, onDone }: Props) {
  const { t } = useTranslation("access");
  const [codes, setCodes] = useState<string[]>();
  const given = z.string().check(z.minLength(1, "form.required"));
  const form = useServerForm({
    initial: { password: "", code: "" },
    schema: z.object({ password: given, code: given }),
    save: async (body) => {
      if (what === "codes") return (await ok(api.POST("/me/second-factor/recovery-codes", { body }))).codes;
      await ok(api.POST("/me/second-factor/removal", { body }));
      return undefined;
    },
    onSaved: (made) => {
      if (made) return setCodes(made);
      toast.done(t("factor.removed"));
      onDone();
    },
  });
  const title = t(what === "codes" ? "factor.new_codes" : "factor.remove");
  return (
    <Dialog opened onClose={codes ? onDone : onClose} title={codes ? t("factor.codes") : title} size="sm">
      {codes ? (
        <RecoveryCodes codes={codes} onDone={onDone} />
      ) : (
        <Form form={form}>
          <Text size="sm">{t(what === "codes" ? "factor.new_codes_hint" : "factor.remove_hint")}</Text>
          <PasswordInput
            label={t("profile.password_current")}
            autoComplete="current-password"
            data-autofocus
            required
            visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
            {...form.field("password")}
          />
          <TextInput
            label={t("factor.code")}
            description={t("factor.code_or_recovery")}
            autoComplete="one-time-code"
            required
            {...form.field("code")}
          />
          <FormActions form={form} onCancel={onClose} verb={title} />
        </Form>
      )}
    </Dialog>
  );
}

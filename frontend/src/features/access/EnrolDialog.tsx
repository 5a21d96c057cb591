import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, PasswordInput, Stack, Text, TextInput } from "@/shared/ui";
import { RecoveryCodes } from "./RecoveryCodes";
import classes from "./SecondFactor.module.css";

interface Props {
  onClose: () => void;
  onDone: () => void;
}

/** Password, square and first code, recovery codes: three steps to a second step. */
export default function EnrolDialog({ onClose, onDone }: Props) {
  const { t } = useTranslation("access");
  const [enrolment, setEnrolment] = useState<Schema<"Enrolment">>();
  const [codes, setCodes] = useState<string[]>();
  const title = codes ? t("factor.codes") : t("factor.enable_title");
  return (
    <Dialog opened onClose={codes ? onDone : onClose} title={title} size="md">
      {codes ? (
        <RecoveryCodes codes={codes} onDone={onDone} />
      ) : enrolment ? (
        <FirstCode enrolment={enrolment} onClose={onClose} onCodes={setCodes} />
      ) : (
        <Begin onClose={onClose} onBegun={setEnrolment} />
      )}
    </Dialog>
  );
}

function Begin({ onClose, onBegun }: { onClose: () => void; onBegun: (made: Schema<"Enrolment">) => void }) {
  const { t } = useTranslation("access");
  const form = useServerForm({
    initial: { password: "" },
    schema: z.object({ password: z.string().check(z.minLength(1, "form.required")) }),
    save: (values) => ok(api.POST("/me/second-factor", { body: values })),
    onSaved: onBegun,
  });
  return (
    <Form form={form}>
      <Text size="sm">{t("factor.begin_hint")}</Text>
      <PasswordInput
        label={t("profile.password_current")}
        autoComplete="current-password"
        data-autofocus
        required
        visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
        {...form.field("password")}
      />
      <FormActions form={form} onCancel={onClose} verb={t("factor.next")} />
    </Form>
  );
}

interface FirstCodeProps {
  enrolment: Schema<"Enrolment">;
  onClose: () => void;
  onCodes: (codes: string[]) => void;
}

function FirstCode({ enrolment, onClose, onCodes }: FirstCodeProps) {
  const { t } = useTranslation("access");
  const form = useServerForm({
    initial: { code: "" },
    schema: z.object({ code: z.string().check(z.minLength(1, "form.required")) }),
    save: (values) => ok(api.POST("/me/second-factor/confirmation", { body: values })),
    onSaved: (answer) => onCodes(answer.codes),
  });
  return (
    <Form form={form}>
      <Stack gap="xs">
        <Text size="sm">{t("factor.scan_hint")}</Text>
        <Square rows={enrolment.qr} label={t("factor.square")} />
        <Text size="sm" c="dimmed">
          {t("factor.by_hand")}{" "}
          <span className={classes.secret}>{enrolment.secret.match(/.{1,4}/g)?.join(" ")}</span>
        </Text>
      </Stack>
      <TextInput
        label={t("factor.code")}
        description={t("factor.code_hint")}
        autoComplete="one-time-code"
        inputMode="numeric"
        data-autofocus
        required
        {...form.field("code")}
      />
      <FormActions form={form} onCancel={onClose} verb={t("factor.confirm")} />
    </Form>
  );
}

/** Margin that scanners need, in modules. */
const QUIET = 4;

/** A QR code from its rows of `1` (dark) and `0`. */
function Square({ rows, label }: { rows: string[]; label: string }) {
  const size = rows.length + 2 * QUIET;
  const path = rows
    .flatMap((row, y) =>
      [...row].map((module, x) => (module === "1" ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")),
    )
    .join("");
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      className={classes.square}
      shapeRendering="crispEdges"
    >
      <path d={path} fill="#000" />
    </svg>
  );
}

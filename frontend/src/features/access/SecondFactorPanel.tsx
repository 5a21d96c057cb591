import { IconShieldCheck, IconShieldOff } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, session } from "@/api";
import { useFormat } from "@/shared/format";
import { Alert, Button, Group, Panel, Stack, Text, Waiting } from "@/shared/ui";

const EnrolDialog = lazy(() => import("./EnrolDialog"));
const ProofDialog = lazy(() => import("./ProofDialog"));

/** One's own second step of signing in: off, on with so many recovery codes left, or demanded by the company. */
export function SecondFactorPanel() {
  const { t } = useTranslation("access");
  const f = useFormat();
  const client = useQueryClient();
  const factor = useQuery({
    queryKey: keys.list("my-second-factor"),
    queryFn: ({ signal }) => ok(api.GET("/me/second-factor", { signal })),
  });
  const [asking, setAsking] = useState<"enrol" | "codes" | "remove">();
  const done = async () => {
    setAsking(undefined);
    await client.invalidateQueries({ queryKey: keys.of("my-second-factor") });
    // What one may do can hang on it.
    session.adoptMe(await ok(api.GET("/me", {})));
  };
  const now = factor.data;
  return (
    <Panel title={t("factor.title")}>
      <Waiting query={factor} rows={2} />
      {now && (
        <Stack gap="md">
          {now.required && !now.enabled && (
            <Alert color="ember" variant="light" title={t("factor.required_title")}>
              {t("factor.required_body")}
            </Alert>
          )}
          <Group gap="sm" wrap="nowrap" align="flex-start">
            {now.enabled ? (
              <IconShieldCheck size={22} stroke={1.6} aria-hidden="true" />
            ) : (
              <IconShieldOff size={22} stroke={1.6} aria-hidden="true" />
            )}
            <div>
              <Text fw={500}>{t(now.enabled ? "factor.on" : "factor.off")}</Text>
              <Text size="sm" c="dimmed">
                {now.enabled
                  ? t("factor.left", {
                      since: now.confirmed_at ? f.date(now.confirmed_at) : "",
                      count: now.recovery_left,
                    })
                  : t("factor.hint")}
              </Text>
            </div>
          </Group>
          <Group gap="sm">
            {now.enabled ? (
              <>
                <Button variant="default" onClick={() => setAsking("codes")}>
                  {t("factor.new_codes")}
                </Button>
                <Button variant="subtle" color="red" onClick={() => setAsking("remove")}>
                  {t("factor.remove")}
                </Button>
              </>
            ) : (
              <Button onClick={() => setAsking("enrol")}>{t("factor.enable")}</Button>
            )}
          </Group>
        </Stack>
      )}
      <Suspense>
        {asking === "enrol" && (
          <EnrolDialog onClose={() => setAsking(undefined)} onDone={() => void done()} />
        )}
        {(asking === "codes" || asking === "remove") && (
          <ProofDialog what={asking} onClose={() => setAsking(undefined)} onDone={() => void done()} />
        )}
      </Suspense>
    </Panel>
  );
}

import { IconLogout } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Button, Confirm, EmptyState, Panel, toast, Waiting } from "@/shared/ui";
import { deviceWords } from "./devices";
import { type User, useRefresh } from "./queries";

/** Where the person is signed in, and with how many steps. */
export default function UserSecurity({ user, may }: { user: User; may: boolean }) {
  return (
    <>
      <Sessions user={user} may={may} />
      <SecondFactor user={user} may={may} />
    </>
  );
}

/** Whether the person signs in with a second step; it can be taken away when phone and recovery codes are lost. */
function SecondFactor({ user, may }: { user: User; may: boolean }) {
  const { t } = useTranslation("admin");
  const refresh = useRefresh();
  const [asking, setAsking] = useState(false);
  return (
    <Panel
      title={t("users.factor")}
      aside={
        may &&
        user.second_factor && (
          <Button size="compact-sm" variant="subtle" color="red" onClick={() => setAsking(true)}>
            {t("users.factor_reset")}
          </Button>
        )
      }
    >
      {t(user.second_factor ? "users.factor_on" : "users.factor_off")}
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("users.factor_reset_title", { name: user.name })}
        verb={t("users.factor_reset")}
        danger
        onConfirm={async () => {
          await ok(api.DELETE("/users/{id}/second-factor", { params: { path: { id: user.id } } }));
          await refresh("users");
          toast.done(t("users.factor_gone", { name: user.name }));
        }}
      >
        {t("users.factor_reset_body")}
      </Confirm>
    </Panel>
  );
}

function Sessions({ user, may }: { user: User; may: boolean }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const refresh = useRefresh();
  const sessions = useQuery({
    queryKey: keys.part("users", user.id, "sessions"),
    queryFn: ({ signal }) =>
      ok(api.GET("/users/{id}/sessions", { params: { path: { id: user.id } }, signal })),
  });
  const end = useMutation({
    mutationFn: () => ok(api.DELETE("/users/{id}/sessions", { params: { path: { id: user.id } } })),
    onSuccess: () => refresh("users"),
  });
  const items = sessions.data?.items ?? [];
  return (
    <Panel
      flush
      title={t("users.sessions")}
      aside={
        may &&
        items.length > 0 && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconLogout size={14} />}
            loading={end.isPending}
            onClick={() => end.mutate()}
          >
            {t("users.end_sessions")}
          </Button>
        )
      }
    >
      <Waiting query={sessions} rows={2} />
      {sessions.data && items.length === 0 && <EmptyState title={t("users.no_sessions")} />}
      {items.length > 0 && (
        <SimpleTable
          label={t("users.sessions")}
          rows={items}
          rowKey={(one) => one.id}
          columns={[
            { id: "device", header: t("users.device"), cell: deviceWords },
            { id: "address", header: t("users.address"), cell: (one) => one.address ?? "", wide: true },
            {
              id: "used",
              header: t("users.last_used"),
              cell: (one) => f.ago(one.last_used_at ?? one.created_at),
            },
          ]}
        />
      )}
    </Panel>
  );
}

import { IconArrowLeft } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, useCan, useMe } from "@/api";
import {
  Alert,
  Badge,
  Button,
  Confirm,
  CopyField,
  Group,
  Page,
  PageHeader,
  Stack,
  TextInput,
  TextLink,
  toast,
  Waiting,
} from "@/shared/ui";
import { type User, useRefresh, userQuery } from "./queries";

const HandOver = lazy(() => import("./HandOver"));
const ResetPassword = lazy(() => import("./ResetPassword"));
const UserPanel = lazy(() => import("./UserPanel"));
const UserSecurity = lazy(() => import("./UserSecurity"));

export function UserPage() {
  const { t } = useTranslation("admin");
  const { id } = useParams({ from: "/_app/settings/users/$id" });
  const user = useQuery(userQuery(id));
  return (
    <Page width="narrow">
      <TextLink to="/settings/users" size="sm">
        <Group gap={4} component="span">
          <IconArrowLeft size={14} aria-hidden="true" />
          {t("users.title")}
        </Group>
      </TextLink>
      <Waiting query={user} />
      {user.data && <Record key={user.data.id} user={user.data} />}
    </Page>
  );
}

function Record({ user }: { user: User }) {
  const { t } = useTranslation(["admin", "accounts"]);
  const me = useMe();
  const may = useCan("access:user:write");
  const mayHandOver = useCan("access:user:handover");
  const refresh = useRefresh();
  const [asking, setAsking] = useState<"deactivate" | "handover" | "password" | "freeze">();
  const [reason, setReason] = useState("");
  const mayFreeze = useCan("access:account:freeze") && user.active && user.id !== me.id;
  const [link, setLink] = useState<string>();
  const invite = useMutation({
    mutationFn: () => ok(api.POST("/users/{id}/invitation", { params: { path: { id: user.id } } })),
    onSuccess: (made) => setLink(made.invite_url),
  });
  const activate = useMutation({
    mutationFn: () => ok(api.POST("/users/{id}/activation", { params: { path: { id: user.id } } })),
    onSuccess: () => refresh("users", "people"),
  });
  const unfreeze = useMutation({
    mutationFn: () => ok(api.DELETE("/users/{id}/freeze", { params: { path: { id: user.id } } })),
    onSuccess: () => refresh("users", "people"),
  });
  const freezing =
    mayFreeze &&
    (user.frozen_at ? (
      <Button variant="default" loading={unfreeze.isPending} onClick={() => unfreeze.mutate()}>
        {t("accounts:unfreeze")}
      </Button>
    ) : (
      <Button variant="default" onClick={() => setAsking("freeze")}>
        {t("accounts:freeze")}
      </Button>
    ));
  const handOver = mayHandOver && (
    <Button variant="default" disabled={user.id === me.id} onClick={() => setAsking("handover")}>
      {t("handover.open")}
    </Button>
  );
  const manage = may && (
    <>
      {user.active && user.invited && (
        <Button loading={invite.isPending} onClick={() => invite.mutate()}>
          {t("users.invite_again")}
        </Button>
      )}
      <Button variant="default" onClick={() => setAsking("password")}>
        {t("users.reset_password")}
      </Button>
      {handOver}
      {user.active ? (
        <Button
          variant="light"
          color="red"
          disabled={user.id === me.id}
          onClick={() => setAsking("deactivate")}
        >
          {t("users.deactivate")}
        </Button>
      ) : (
        <Button loading={activate.isPending} onClick={() => activate.mutate()}>
          {t("users.activate")}
        </Button>
      )}
    </>
  );
  return (
    <>
      <PageHeader
        title={user.name}
        description={
          <Group gap="xs" component="span">
            {user.login}
            {user.frozen_at && (
              <Badge color="blue" variant="light">
                {t("accounts:frozen")}
              </Badge>
            )}
            {(!user.active || user.invited) && (
              <Badge color={user.active ? "ember" : "gray"} variant="light">
                {t(user.active ? "users.pending" : "users.inactive")}
              </Badge>
            )}
          </Group>
        }
        actions={
          <>
            {freezing}
            {manage || handOver}
          </>
        }
      />
      {link && (
        <Alert color="ember" variant="light" title={t("users.invite_link")}>
          <Stack gap="xs">
            {t("users.invite_hint")}
            <CopyField label={t("users.invite_link")} value={link} />
          </Stack>
        </Alert>
      )}
      <Suspense>
        <UserPanel key={user.version} user={user} may={may} />
        <UserSecurity user={user} may={may} />
      </Suspense>
      <Confirm
        opened={asking === "deactivate"}
        onClose={() => setAsking(undefined)}
        title={t("users.deactivate_title", { name: user.name })}
        verb={t("users.deactivate")}
        danger
        onConfirm={async () => {
          await ok(api.POST("/users/{id}/deactivation", { params: { path: { id: user.id } } }));
          await refresh("users", "people");
          toast.done(t("users.deactivated", { name: user.name }));
        }}
      >
        {t("users.deactivate_body")}
      </Confirm>
      <Confirm
        opened={asking === "freeze"}
        onClose={() => setAsking(undefined)}
        title={t("accounts:freeze_title", { name: user.name })}
        verb={t("accounts:freeze")}
        danger
        onConfirm={async () => {
          const params = { path: { id: user.id } };
          await ok(api.POST("/users/{id}/freeze", { params, body: { reason } }));
          await refresh("users", "people");
        }}
      >
        <Stack gap="xs">
          {t("accounts:freeze_body")}
          <TextInput
            label={t("accounts:reason")}
            required
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Stack>
      </Confirm>
      {asking === "handover" && (
        <Suspense>
          <HandOver user={user} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
      {asking === "password" && (
        <Suspense>
          <ResetPassword user={user} onClose={() => setAsking(undefined)} />
        </Suspense>
      )}
    </>
  );
}

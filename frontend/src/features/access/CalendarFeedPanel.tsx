import { IconCalendarOff, IconCalendarShare } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { useFormat } from "@/shared/format";
import { Button, Confirm, CopyField, Group, Panel, Stack, Text, toast, Waiting } from "@/shared/ui";

/** The secret address under which one's calendar reads one's tasks: made, made anew, taken away. */
export function CalendarFeedPanel() {
  const { t } = useTranslation("access");
  const f = useFormat();
  const client = useQueryClient();
  const feed = useQuery({
    queryKey: keys.list("my-calendar-feed"),
    queryFn: ({ signal }) => ok(api.GET("/me/calendar-feed", { signal })),
  });
  const [asking, setAsking] = useState<"rotate" | "remove">();
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("my-calendar-feed") });
  const make = useMutation({ mutationFn: () => ok(api.POST("/me/calendar-feed", {})), onSuccess: refresh });
  const remove = async () => {
    await ok(api.DELETE("/me/calendar-feed", {}));
    make.reset();
    toast.done(t("feed.removed"));
    await refresh();
  };
  const now = feed.data;
  const path = make.data?.path;
  const Icon = now?.active ? IconCalendarShare : IconCalendarOff;
  return (
    <Panel title={t("feed.title")}>
      <Waiting query={feed} rows={2} />
      {now && (
        <Stack gap="md">
          <Group gap="sm" wrap="nowrap" align="flex-start">
            <Icon size={22} stroke={1.6} aria-hidden="true" style={{ flexShrink: 0 }} />
            <div>
              <Text fw={500}>
                {now.active && now.created_at
                  ? [
                      t("feed.on", { when: f.ago(now.created_at) }),
                      now.read_at ? t("feed.read", { when: f.ago(now.read_at) }) : t("feed.never"),
                    ].join(" · ")
                  : t("feed.off")}
              </Text>
              <Text size="sm" c="dimmed">
                {t("feed.hint")}
              </Text>
            </div>
          </Group>
          {now.active && path && (
            <div>
              <CopyField label={t("feed.address")} value={`${window.location.origin}${path}.ics`} />
              <Text size="sm" c="dimmed" mt={4}>
                {t("feed.once")}
              </Text>
            </div>
          )}
          <Group gap="sm">
            {now.active ? (
              <>
                <Button variant="default" onClick={() => setAsking("rotate")}>
                  {t("feed.rotate")}
                </Button>
                <Button variant="subtle" color="red" onClick={() => setAsking("remove")}>
                  {t("feed.remove")}
                </Button>
              </>
            ) : (
              <Button loading={make.isPending} onClick={() => make.mutate()}>
                {t("feed.enable")}
              </Button>
            )}
          </Group>
        </Stack>
      )}
      <Confirm
        opened={asking === "rotate"}
        onClose={() => setAsking(undefined)}
        title={t("feed.rotate")}
        verb={t("feed.rotate")}
        onConfirm={() => make.mutateAsync()}
      >
        {t("feed.rotate_hint")}
      </Confirm>
      <Confirm
        opened={asking === "remove"}
        onClose={() => setAsking(undefined)}
        title={t("feed.title")}
        verb={t("feed.remove")}
        danger
        onConfirm={remove}
      >
        {t("feed.remove_hint")}
      </Confirm>
    </Panel>
  );
}

import { IconGift } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { patchWish, type Wish } from "@/features/customers";
import { Button, Panel, toast } from "@/shared/ui";
import type { Today } from "./queries";
import { Row, Rows } from "./Rows";

/** What has arrived for customers of mine, what else could be offered, and over what they may be told. */
export function WishesArrived({ today }: { today: Today }) {
  const { t } = useTranslation("wishes");
  const client = useQueryClient();
  const tell = useMutation({
    mutationFn: (wish: Wish) => patchWish(wish, { status: "told" }),
    onSuccess: (wish) => {
      toast.done(t("told_done", { name: wish.customer.name }));
      void client.invalidateQueries({ queryKey: keys.of("customers") });
      void client.invalidateQueries({ queryKey: keys.of("wishes") });
      return client.invalidateQueries({ queryKey: keys.of("today") });
    },
    onError: toast.problem,
  });
  if (today.wishes_arrived.length === 0) return null;
  return (
    <Panel title={t("today_title")} flush aside={<IconGift size={16} aria-hidden="true" />}>
      <Rows empty={null}>
        {today.wishes_arrived.map(({ wish, alternatives, channels }) => (
          <Row
            key={wish.id}
            customer={wish.customer}
            why={[
              t("is_there", { name: [wish.wanted, wish.option].filter(Boolean).join(" · ") }),
              alternatives.length > 0 &&
                t("or_else", { names: alternatives.map((one) => one.name).join(t("or")) }),
              channels.length > 0
                ? t("tell_over", { channels: channels.map((one) => t(`channel.${one}`)).join(t("or")) })
                : t("tell_not"),
            ]
              .filter(Boolean)
              .join(" · ")}
            end={
              <Button
                size="compact-sm"
                variant="default"
                aria-label={t("told_one", { name: wish.customer.name })}
                loading={tell.isPending && tell.variables?.id === wish.id}
                onClick={() => tell.mutate(wish)}
              >
                {t("told")}
              </Button>
            }
          />
        ))}
      </Rows>
    </Panel>
  );
}

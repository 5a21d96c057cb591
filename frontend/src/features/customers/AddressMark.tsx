import { IconBan, IconCheck, IconChevronDown, IconX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, keys, ok, type Schema } from "@/api";
import { useFormat } from "@/shared/format";
import { Badge, Button, Group, Menu, Tooltip, toast } from "@/shared/ui";
import { useDictionary } from "./choices";
import type { Customer } from "./types";

type Marked = Schema<"AddressMarkView">;
type Change = Pick<Schema<"AddressMarkInput">, "mark" | "reason">;

interface Props {
  customer: Customer;
  kind: "phone" | "email";
  /** Its place among the customer's phones or e-mails. */
  position: number;
  /** How it is written, for those who hear the screen. */
  words: string;
  mayWrite: boolean;
  /** On the do-not-contact list. */
  listed: boolean;
}

/** What is known of a phone or an e-mail, and the menu that says so. */
export function AddressMark({ customer, kind, position, words, mayWrite, listed }: Props) {
  const { t } = useTranslation("customers");
  const entry = kind === "phone" ? customer.phones[position] : customer.emails[position];
  return (
    <Group gap={6} px={6} pb={2}>
      {listed && (
        <Badge
          size="sm"
          tt="none"
          radius="sm"
          color="red"
          leftSection={<IconBan size={11} aria-hidden="true" />}
        >
          {t("consent.suppressed")}
        </Badge>
      )}
      {mayWrite ? (
        <MarkMenu {...{ customer, kind, position, words }} marked={entry?.mark ?? null} />
      ) : (
        entry?.mark && <MarkBadge marked={entry.mark} />
      )}
    </Group>
  );
}

function useMarkWords() {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const reasons = useDictionary("invalid_reason");
  return {
    reasons,
    hint: (marked: Marked) =>
      [
        marked.reason && reasons.word(marked.reason),
        t("address_mark.by", { name: marked.by.name, day: f.date(marked.at) }),
      ]
        .filter(Boolean)
        .join(" · "),
  };
}

function MarkBadge({ marked }: { marked: Marked }) {
  const { t } = useTranslation("customers");
  const { hint } = useMarkWords();
  const good = marked.mark === "verified";
  const Icon = good ? IconCheck : IconX;
  return (
    <Tooltip label={hint(marked)} openDelay={200} touch>
      <Badge
        size="sm"
        tt="none"
        radius="sm"
        variant="light"
        color={good ? "pine" : "red"}
        leftSection={<Icon size={11} aria-hidden="true" />}
      >
        {t(`address_mark.${marked.mark}`)}
      </Badge>
    </Tooltip>
  );
}

function MarkMenu({
  customer,
  kind,
  position,
  words,
  marked,
}: Pick<Props, "customer" | "kind" | "position" | "words"> & { marked: Marked | null }) {
  const { t } = useTranslation("customers");
  const client = useQueryClient();
  const { reasons, hint } = useMarkWords();
  const put = useMutation({
    mutationFn: (change: Change) =>
      ok(
        api.PUT("/customers/{id}/address-mark", {
          params: { path: { id: customer.id }, header: ifMatch(customer.version) },
          body: { kind, position, ...change },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of("customers") }),
    onError: toast.problem,
  });
  const state = marked?.mark ?? "unmarked";
  const look = { verified: "pine", invalid: "red", unmarked: "gray" }[state];
  const Icon = { verified: IconCheck, invalid: IconX, unmarked: undefined }[state];
  return (
    <>
      <Menu
        position="bottom-start"
        target={
          <Button
            size="compact-sm"
            fz="xs"
            variant={marked ? "light" : "subtle"}
            color={look}
            loading={put.isPending}
            leftSection={Icon && <Icon size={12} aria-hidden="true" />}
            rightSection={<IconChevronDown size={11} aria-hidden="true" />}
            aria-label={t("address_mark.of", { address: words, state: t(`address_mark.${state}`) })}
          >
            {t(`address_mark.${state}`)}
          </Button>
        }
      >
        {({ Item, Divider, Label }) => (
          <>
            {state !== "verified" && (
              <Item
                leftSection={<IconCheck size={15} />}
                onClick={() => put.mutate({ mark: "verified", reason: null })}
              >
                {t("address_mark.verify")}
              </Item>
            )}
            <Label>{t("address_mark.invalid_because")}</Label>
            {reasons.options.map((one) => (
              <Item key={one.value} onClick={() => put.mutate({ mark: "invalid", reason: one.value })}>
                {one.label}
              </Item>
            ))}
            {marked && (
              <>
                <Divider />
                <Item onClick={() => put.mutate({ mark: null, reason: null })}>
                  {t("address_mark.remove")}
                </Item>
              </>
            )}
          </>
        )}
      </Menu>
      {marked && (
        <span className="dim" style={{ fontSize: "var(--mantine-font-size-xs)" }}>
          {hint(marked)}
        </span>
      )}
    </>
  );
}

/**
 * ⌘K: find anyone (name, pinyin, phone, code), go anywhere. The server does the finding; places are matched
 * here. Arrows move, Enter opens, the input keeps focus throughout (combobox with an active descendant).
 */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Ref, useCan } from "@/api";
import { Dialog, Text, useDebouncedValue } from "@/shared/ui";
import { AREA_ICONS, type Place } from "./navigation";
import classes from "./Palette.module.css";

interface Hit {
  key: string;
  group: string;
  icon: ReactNode;
  text: string;
  hint?: string;
  run: () => void;
}

const FEWEST_CHARACTERS = 1;

export default function Palette({ places, onClose }: { places: Place[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const list = useRef<HTMLDivElement>(null);
  const hits = useHits(typed, places, onClose);
  const current = Math.min(active, Math.max(hits.found.length - 1, 0));

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  });

  const onKey = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && hits.found.length > 0) {
      event.preventDefault();
      setActive((current + step + hits.found.length) % hits.found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      hits.found[current]?.run();
    }
  };

  return (
    <Dialog opened onClose={onClose} title={t("palette.title")} size="lg" top>
      <input
        className={classes.input}
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKey}
        placeholder={t("palette.placeholder")}
        aria-label={t("palette.placeholder")}
        role="combobox"
        aria-expanded={hits.found.length > 0}
        aria-controls={listId}
        aria-activedescendant={hits.found[current] ? `${listId}-${current}` : undefined}
        autoComplete="off"
        spellCheck={false}
      />
      <div ref={list} id={listId} role="listbox" aria-label={t("palette.title")} className={classes.list}>
        {hits.found.map((hit, index) => (
          <HitRow
            key={hit.key}
            id={`${listId}-${index}`}
            hit={hit}
            first={hits.found[index - 1]?.group !== hit.group}
            selected={index === current}
          />
        ))}
      </div>
      <Text role="status" size="sm" c="dimmed" className={classes.status}>
        {hits.found.length === 0 && !hits.busy ? t("palette.none", { text: typed }) : ""}
      </Text>
    </Dialog>
  );
}

function HitRow({ id, hit, first, selected }: { id: string; hit: Hit; first: boolean; selected: boolean }) {
  return (
    <>
      {first && (
        <div className={classes.group} role="presentation">
          {hit.group}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the combobox input carries the keys */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: active descendant of the input */}
      <div id={id} role="option" aria-selected={selected} className={classes.hit} onClick={hit.run}>
        <span className={classes.icon} aria-hidden="true">
          {hit.icon}
        </span>
        <span className={classes.text}>{hit.text}</span>
        {hit.hint && <span className={classes.hint}>{hit.hint}</span>}
      </div>
    </>
  );
}

function useHits(typed: string, places: Place[], onClose: () => void) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayFind = useCan("customers:");
  const [q] = useDebouncedValue(typed.trim(), 120);
  const enabled = mayFind && q.length >= FEWEST_CHARACTERS;
  const answer = useQuery({
    queryKey: keys.list("search", q),
    queryFn: ({ signal }) => ok(api.GET("/search", { params: { query: { q, limit: 8 } }, signal })),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  });

  const found = useMemo<Hit[]>(() => {
    const goTo = (to: string) => () => {
      onClose();
      void navigate({ to } as never);
    };
    const text = typed.trim().toLowerCase();
    const here: Hit[] = places
      .map((place) => ({ place, name: t(place.label) }))
      .filter(({ place, name }) => !text || name.toLowerCase().includes(text) || place.key.startsWith(text))
      .map(({ place, name }) => ({
        key: `place-${place.key}`,
        group: t("palette.go"),
        icon: <place.icon size={18} stroke={1.6} />,
        text: name,
        hint: place.go ? `G ${place.go.toUpperCase()}` : undefined,
        run: goTo(String(place.to)),
      }));
    const data = enabled ? answer.data : undefined;
    const customers = (data?.customers ?? []).map((one) => ({
      key: `customer-${one.id}`,
      group: t("nav.customers"),
      icon: <AREA_ICONS.customers size={18} stroke={1.6} />,
      text: one.name,
      hint: [one.code, one.phone_tail && `…${one.phone_tail}`, one.owner?.name].filter(Boolean).join(" · "),
      run: goTo(`/customers/${one.id}`),
    }));
    const refs = (list: Ref[] | undefined, kind: "orders" | "products") => {
      const Icon = AREA_ICONS[kind];
      return (list ?? []).map((one) => ({
        key: `${kind}-${one.id}`,
        group: t(`nav.${kind}`),
        icon: <Icon size={18} stroke={1.6} />,
        text: one.name,
        run: goTo(`/${kind}/${one.id}`),
      }));
    };
    return [...customers, ...refs(data?.orders, "orders"), ...refs(data?.products, "products"), ...here];
  }, [answer.data, enabled, navigate, onClose, places, t, typed]);

  return { found, busy: answer.isFetching };
}

import { IconRefresh, IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Button, Figures, Group, Panel, Stack, Text, TextInput, TextLink } from "@/shared/ui";
import classes from "./Clusters.module.css";
import type { ClusterGroup, Measure } from "./queries";
import { bar, telling } from "./told";

interface Props {
  place: number;
  group: ClusterGroup;
  /** It is being named, or its list filled. */
  busy: boolean;
  onRename: (name: string) => void;
  /** With the name that stands in the field. */
  onKeep: (name: string) => void;
}

/** One group: who is in it, what tells it from the others, what it is called, and the list it is kept as. */
export function GroupPanel({ place, group, busy, onRename, onKeep }: Props) {
  const { t } = useTranslation("clusters");
  const f = useFormat();
  const mayKeep = useCan("engage:segment:write");
  const [name, setName] = useState(group.name ?? "");
  const told = telling(group.measures).map(({ feature, more }) => t(`${more ? "more" : "less"}.${feature}`));
  return (
    <Panel
      title={group.name || t("group", { number: place + 1 })}
      aside={
        group.segment && (
          <TextLink to="/segments/$id" params={{ id: group.segment.id }}>
            {t("open_list")}
          </TextLink>
        )
      }
    >
      <Stack gap="md">
        <Text size="sm">{told.length > 0 ? told.join(t("comma")) : t("average")}</Text>
        <Figures
          figures={[
            {
              key: "size",
              label: t("customers"),
              value: `${f.number(group.size)} · ${f.percent(group.share, 0)}`,
            },
            {
              key: "net",
              label: t("net"),
              value: f.short(group.net),
            },
            {
              key: "net_share",
              label: t("net_share"),
              value: group.net_share == null ? "" : f.percent(group.net_share, 0),
            },
            {
              key: "silhouette",
              label: t("silhouette"),
              value: group.silhouette == null ? "" : f.number(group.silhouette.toFixed(2)),
              hint: t("silhouette_hint"),
            },
          ]}
        />
        <ul className={classes.measures}>
          {group.measures.map((one) => (
            <MeasureRow key={one.feature} measure={one} />
          ))}
        </ul>
        <Group gap="sm" align="flex-end" wrap="nowrap">
          <TextInput
            label={t("group_name")}
            placeholder={t("group", { number: place + 1 })}
            maxLength={100}
            flex={1}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onBlur={() => name.trim() !== (group.name ?? "") && onRename(name.trim())}
          />
          {mayKeep && (
            <Button
              variant={group.segment ? "default" : "filled"}
              disabled={!name.trim()}
              loading={busy}
              leftSection={
                group.segment ? (
                  <IconRefresh size={16} stroke={1.6} />
                ) : (
                  <IconUsersGroup size={16} stroke={1.6} />
                )
              }
              // The field keeps the focus: leaving it would name the group on its own, while it is being kept.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onKeep(name.trim())}
            >
              {t(group.segment ? "fill" : "keep")}
            </Button>
          )}
        </Group>
      </Stack>
    </Panel>
  );
}

function MeasureRow({ measure }: { measure: Measure }) {
  const { t } = useTranslation("clusters");
  const f = useFormat();
  const { start, length } = bar(measure.distance);
  const value = () => {
    if (measure.amount) return f.money(measure.amount);
    if (measure.mean == null) return "–";
    if (measure.unit === "share") return f.percent(measure.mean, 1);
    const rounded = f.number(measure.mean.toFixed(measure.mean < 10 ? 1 : 0));
    return measure.unit === "days" ? t("days", { days: rounded }) : rounded;
  };
  return (
    <li>
      <Text size="sm" component="span">
        {t(`feature.${measure.feature}`)}
      </Text>
      <span
        className={classes.track}
        role="img"
        aria-label={t("distance", { distance: f.number(measure.distance.toFixed(1)) })}
      >
        <span className={classes.bar} style={{ left: `${start}%`, width: `${length}%` }} />
      </span>
      <Text size="sm" component="span" className={classes.value}>
        {value()}
      </Text>
    </li>
  );
}

import { useTranslation } from "react-i18next";
import { Badge, Group, Text } from "@/shared/ui";
import classes from "./Duplicates.module.css";
import type { Duplicate, Reason } from "./types";

/** How sure it is, and why: each rule that holds, with its weight. */
export function Reasons({ pair }: { pair: Duplicate }) {
  const { t } = useTranslation("duplicates");
  return (
    <Group gap="xs" className={classes.reasons}>
      <Badge
        tt="none"
        radius="sm"
        size="lg"
        color={pair.certainty === "certain" ? "ember" : "gray"}
        variant={pair.certainty === "certain" ? "filled" : "light"}
      >
        {t(pair.certainty === "certain" ? "certain" : "possible")} ·{" "}
        <span className="tabular">{pair.score}</span>
      </Badge>
      {pair.reasons.map((reason) => (
        <Text key={reason.rule} size="sm" component="span" className={classes.reason}>
          <ReasonWords reason={reason} />{" "}
          <span className="tabular dim">{reason.weight > 0 ? `+${reason.weight}` : reason.weight}</span>
        </Text>
      ))}
    </Group>
  );
}

function ReasonWords({ reason }: { reason: Reason }) {
  const { t } = useTranslation("duplicates");
  const said = reason.met.map((met) => {
    const words = t(`met.${met.field}.${met.how}`);
    return met.how === "similar" && met.percent ? `${words} ${met.percent}%` : words;
  });
  return said.join(t("and"));
}

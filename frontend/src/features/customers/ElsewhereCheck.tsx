import { IconBuildingCommunity } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Alert, Button, toast } from "@/shared/ui";
import classes from "./Candidates.module.css";
import { askElsewhere, type ElsewhereBody } from "./commands";

/** Whether another unit has this customer: says where, and whom to ask. Each question is noted and few are allowed, so it is asked on demand. */
export function ElsewhereCheck({ body }: { body: ElsewhereBody }) {
  const { t } = useTranslation("customers");
  const ask = useMutation({ mutationFn: askElsewhere, onError: toast.problem });
  const about = JSON.stringify(body);
  const answer = ask.data && JSON.stringify(ask.variables) === about ? ask.data : undefined;
  return (
    <div>
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconBuildingCommunity size={16} />}
        loading={ask.isPending}
        onClick={() => ask.mutate(body)}
      >
        {t("elsewhere.ask")}
      </Button>
      <div role="status" aria-live="polite">
        {answer && (
          <Alert
            color={answer.matches.length > 0 ? "yellow" : "gray"}
            classNames={{ title: classes.title }}
            title={t(answer.matches.length > 0 ? "elsewhere.found" : "elsewhere.none")}
          >
            <ul className={classes.list}>
              {answer.matches.map((one) => (
                <li key={`${one.unit.id} ${one.name_masked} ${one.ask?.id}`}>
                  {[
                    one.unit.name,
                    one.name_masked,
                    ...one.matched.map((field) => t(`met.${field}.same`)),
                    one.ask && t("elsewhere.whom", { name: one.ask.name }),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </li>
              ))}
              <li className="dim">{t("elsewhere.left", { count: answer.left })}</li>
            </ul>
          </Alert>
        )}
      </div>
    </div>
  );
}

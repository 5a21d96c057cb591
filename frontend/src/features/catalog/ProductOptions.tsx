import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ServerForm } from "@/shared/form";
import { Button, Group, IconButton, Stack, Text, Textarea, TextInput } from "@/shared/ui";
import classes from "./Catalog.module.css";
import { newOption, type OptionValues } from "./options";

interface Optioned extends Record<string, unknown> {
  options: OptionValues[];
}

/** What can be chosen of a product: names, each with its choices. */
export function ProductOptions<V extends Optioned>({
  form,
  set,
}: {
  form: ServerForm<V>;
  set: (options: OptionValues[]) => void;
}) {
  const { t } = useTranslation("catalog");
  const { options } = form.values;
  return (
    <fieldset className={classes.bare}>
      <legend>{t("options")}</legend>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t("options_hint")}
        </Text>
        {options.map((one, index) => (
          <Group key={one.key} align="flex-start" wrap="nowrap">
            <TextInput w={140} label={t("option_name")} required {...form.field(`options.${index}.name`)} />
            <Textarea
              flex={1}
              label={t("option_choices")}
              description={t("option_choices_hint")}
              required
              autosize
              minRows={2}
              maxRows={10}
              {...form.field(`options.${index}.choices`)}
            />
            <IconButton
              mt={26}
              size="lg"
              label={t("option_remove", { n: index + 1 })}
              onClick={() => set(options.toSpliced(index, 1))}
            >
              <IconTrash size={16} />
            </IconButton>
          </Group>
        ))}
        <div>
          <Button
            variant="subtle"
            size="compact-md"
            leftSection={<IconPlus size={15} />}
            onClick={() => set([...options, newOption()])}
          >
            {t("option_add")}
          </Button>
        </div>
      </Stack>
    </fieldset>
  );
}

import { useTranslation } from "react-i18next";
import { Dialog, Group, Kbd, Text } from "@/shared/ui";
import type { Place } from "./navigation";
import { MOD } from "./shortcuts";

/** What the keyboard can do, opened with `?`. */
export default function ShortcutHelp({ places, onClose }: { places: Place[]; onClose: () => void }) {
  const { t } = useTranslation();
  const rows: [string[], string][] = [
    [[MOD, "K"], t("shortcut.palette")],
    [["?"], t("shortcut.help")],
    ...places.flatMap((place): [string[], string][] =>
      place.go ? [[["G", place.go.toUpperCase()], t("shortcut.go", { place: t(place.label) })]] : [],
    ),
    [["↑", "↓", "←", "→"], t("shortcut.move")],
    [["Enter"], t("shortcut.enter")],
    [["Space"], t("shortcut.select")],
    [["Esc"], t("shortcut.escape")],
    [[MOD, "Enter"], t("shortcut.save")],
  ];
  return (
    <Dialog opened onClose={onClose} title={t("shell.shortcuts")}>
      <dl style={{ margin: 0 }}>
        {rows.map(([pressed, what]) => (
          <Group key={what} justify="space-between" py={5} wrap="nowrap">
            <Text component="dt">{what}</Text>
            <Group component="dd" gap={4} m={0} wrap="nowrap">
              {pressed.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </dl>
      <Text size="sm" c="dimmed" mt="md">
        {t("shortcut.switch_off")}
      </Text>
    </Dialog>
  );
}

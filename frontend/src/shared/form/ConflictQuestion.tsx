import { useTranslation } from "react-i18next";
import { Button, Dialog, Group, Stack, Table, Text } from "../ui";
import type { Question } from "./useFieldSave";

/** Both versions of one field, and which to keep. */
export default function ConflictQuestion({ question }: { question: Question }) {
  const { t } = useTranslation();
  return (
    <Dialog opened onClose={() => question.answer(false)} title={t("common:problem.conflict_title")}>
      <Stack>
        <Text>{t("common:problem.conflict_body")}</Text>
        <Table>
          <Table.Tbody>
            <Table.Tr>
              <Table.Th scope="row">
                {question.label} · {t("common:problem.conflict_col_mine")}
              </Table.Th>
              <Table.Td>{question.mine || "–"}</Table.Td>
            </Table.Tr>
            <Table.Tr>
              <Table.Th scope="row">
                {question.label} · {t("common:problem.conflict_col_theirs")}
              </Table.Th>
              <Table.Td>{question.theirs || "–"}</Table.Td>
            </Table.Tr>
          </Table.Tbody>
        </Table>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => question.answer(false)}>
            {t("common:problem.conflict_theirs")}
          </Button>
          <Button onClick={() => question.answer(true)}>{t("common:problem.conflict_mine")}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

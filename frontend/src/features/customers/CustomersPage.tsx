import { IconAddressBook, IconFileImport, IconPlus } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { ExportDialog, type ExportRequest } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFieldSave } from "@/shared/form";
import { ListView } from "@/shared/grid";
import { Button, ButtonLink, EmptyState, Page, PageHeader } from "@/shared/ui";
import { BulkBar } from "./BulkBar";
import { useCustomerColumns } from "./columns";
import { patchCustomer } from "./commands";
import { fetchCustomers, readCustomer } from "./queries";
import { SaveAsSegment } from "./SaveAsSegment";

const CustomerPanel = lazy(() =>
  import("./CustomerPanel").then((module) => ({ default: module.CustomerPanel })),
);

export function CustomersPage() {
  const { t } = useTranslation("customers");
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useCan("customers:customer:write");
  const mayImport = useCan("platform:import:run");
  const mayExport = useCan("platform:export:run");
  const mayAssign = useCan("customers:customer:assign");
  const [creating, setCreating] = useState(false);
  const [exporting, setExporting] = useState<ExportRequest>();
  const saver = useFieldSave({
    read: readCustomer,
    patch: patchCustomer,
    onSaved: (row) => void client.invalidateQueries({ queryKey: keys.one("customers", row.id) }),
  });
  const fields = useConditionFields("customers");
  const columns = useCustomerColumns(saver, mayWrite, fields);
  useShortcuts({ n: () => mayWrite && setCreating(true) });

  const create = mayWrite && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      {t("new")}
    </Button>
  );
  const bring = mayImport && (
    <ButtonLink variant="default" to="/imports/new" leftSection={<IconFileImport size={16} stroke={1.6} />}>
      {t("import")}
    </ButtonLink>
  );
  return (
    <Page width="full">
      <PageHeader
        title={t("title")}
        actions={
          <>
            {bring}
            {create}
          </>
        }
      />
      <ListView
        resource="customers"
        label={t("title")}
        columns={columns}
        fields={fields}
        fetch={fetchCustomers}
        open={(row) => ({ to: "/customers/$id", params: { id: row.id } })}
        name={(row) => row.name}
        bulk={
          mayAssign || mayExport
            ? (selection) => (
                <BulkBar
                  selection={selection}
                  mayChange={mayAssign}
                  onExport={mayExport ? setExporting : undefined}
                />
              )
            : undefined
        }
        views
        tools={
          <>
            <SaveAsSegment />
            <AdvancedFilter fields={fields} />
          </>
        }
        onExport={
          mayExport
            ? (query, shown) => setExporting({ resource: "customers", query, columns: shown })
            : undefined
        }
        empty={
          <EmptyState
            icon={<IconAddressBook size={28} stroke={1.5} />}
            title={t("empty.title")}
            actions={
              <>
                {bring}
                {create}
              </>
            }
          >
            {t("empty.hint")}
          </EmptyState>
        }
      />
      {saver.dialog}
      <Suspense>
        {creating && (
          <CustomerPanel
            onClose={() => setCreating(false)}
            onSaved={(row) => void navigate({ to: "/customers/$id", params: { id: row.id } })}
          />
        )}
      </Suspense>
      {exporting && <ExportDialog request={exporting} onClose={() => setExporting(undefined)} />}
    </Page>
  );
}

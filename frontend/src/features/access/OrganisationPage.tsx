import { IconBuilding, IconPencil, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import {
  Badge,
  Button,
  EmptyState,
  ErrorState,
  Group,
  IconButton,
  ListSkeleton,
  Page,
  PageHeader,
  Panel,
} from "@/shared/ui";
import classes from "./OrganisationPage.module.css";
import { type Department, departmentsQuery, type Unit, unitsQuery } from "./queries";

const UnitPanel = lazy(() => import("./OrganisationForms").then((module) => ({ default: module.UnitPanel })));
const DepartmentPanel = lazy(() =>
  import("./OrganisationForms").then((module) => ({ default: module.DepartmentPanel })),
);

type Open =
  | { what: "unit"; unit?: Unit }
  | { what: "department"; department?: Department; unitId: string; parentId?: string };

/** Business units and, in each, the tree of departments. */
export function OrganisationPage() {
  const { t } = useTranslation("admin");
  const units = useQuery(unitsQuery);
  const departments = useQuery(departmentsQuery);
  const may = useCan("access:organisation:write");
  const [open, setOpen] = useState<Open>();
  const failed = units.error ?? departments.error;

  return (
    <Page width="regular">
      <PageHeader
        title={t("organisation.title")}
        description={t("organisation.hint")}
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({ what: "unit" })}>
              {t("organisation.add_unit")}
            </Button>
          )
        }
      />
      {failed && (
        <ErrorState
          error={failed}
          onRetry={() => void Promise.all([units.refetch(), departments.refetch()])}
        />
      )}
      {!failed && (units.isPending || departments.isPending) && <ListSkeleton />}
      {units.data?.map((unit) => (
        <UnitSheet
          key={unit.id}
          unit={unit}
          departments={(departments.data ?? []).filter((one) => one.unit_id === unit.id)}
          may={may}
          onOpen={setOpen}
        />
      ))}
      {units.data?.length === 0 && (
        <EmptyState icon={<IconBuilding size={28} stroke={1.5} />} title={t("organisation.no_units")} />
      )}
      <Suspense>
        {open?.what === "unit" && <UnitPanel unit={open.unit} onClose={() => setOpen(undefined)} />}
        {open?.what === "department" && (
          <DepartmentPanel
            department={open.department}
            unitId={open.unitId}
            parentId={open.parentId}
            siblings={(departments.data ?? []).filter((one) => one.unit_id === open.unitId)}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Suspense>
    </Page>
  );
}

interface SheetProps {
  unit: Unit;
  departments: Department[];
  may: boolean;
  onOpen: (open: Open) => void;
}

function UnitSheet({ unit, departments, may, onOpen }: SheetProps) {
  const { t } = useTranslation("admin");
  const known = new Set(departments.map((one) => one.id));
  const roots = departments.filter((one) => !one.parent_id || !known.has(one.parent_id));
  return (
    <Panel
      flush
      title={
        <Group gap="xs" component="span">
          {unit.name}
          <span className="dim">{unit.code}</span>
          {!unit.active && (
            <Badge color="gray" variant="light">
              {t("common:state.inactive")}
            </Badge>
          )}
        </Group>
      }
      aside={
        may && (
          <Group gap={4}>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
              onClick={() => onOpen({ what: "department", unitId: unit.id })}
            >
              {t("organisation.add_department")}
            </Button>
            <IconButton
              label={t("organisation.edit_unit", { name: unit.name })}
              onClick={() => onOpen({ what: "unit", unit })}
            >
              <IconPencil size={16} />
            </IconButton>
          </Group>
        )
      }
    >
      {roots.length === 0 ? (
        <p className={classes.none}>{t("organisation.no_departments")}</p>
      ) : (
        <Branch
          nodes={roots}
          all={departments}
          depth={0}
          may={may}
          onOpen={(open) => onOpen({ what: "department", unitId: unit.id, ...open })}
        />
      )}
    </Panel>
  );
}

interface BranchProps {
  nodes: Department[];
  all: Department[];
  depth: number;
  may: boolean;
  onOpen: (open: { department?: Department; parentId?: string }) => void;
}

function Branch({ nodes, all, depth, may, onOpen }: BranchProps) {
  const { t } = useTranslation("admin");
  return (
    <ul className={classes.tree}>
      {nodes.map((one) => {
        const children = all.filter((child) => child.parent_id === one.id);
        return (
          <li key={one.id}>
            <div className={classes.node} style={{ paddingLeft: `${1.125 + depth * 1.5}rem` }}>
              <span className={classes.name}>{one.name}</span>
              <span className="dim">{t("organisation.people", { count: one.people })}</span>
              {one.leader && (
                <span className="dim">{t("organisation.led_by", { name: one.leader.name })}</span>
              )}
              {may && (
                <Group gap={2} className={classes.tools}>
                  <IconButton
                    size="sm"
                    label={t("organisation.add_under", { name: one.name })}
                    onClick={() => onOpen({ parentId: one.id })}
                  >
                    <IconPlus size={14} />
                  </IconButton>
                  <IconButton
                    size="sm"
                    label={t("organisation.edit_department", { name: one.name })}
                    onClick={() => onOpen({ department: one })}
                  >
                    <IconPencil size={14} />
                  </IconButton>
                </Group>
              )}
            </div>
            {children.length > 0 && (
              <Branch nodes={children} all={all} depth={depth + 1} may={may} onOpen={onOpen} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

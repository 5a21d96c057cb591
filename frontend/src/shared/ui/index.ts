/**
 * The house style of every control, and the only place that imports Mantine. Wrappers carry the accessibility
 * defaults (labels, dialog roles, busy states); plain layout pieces are passed on as they are.
 *
 * Forms: see ../form. Tables: see ../grid. Date fields load apart: `import { DateField } from "@/shared/ui/dates"`.
 */
export {
  Accordion,
  Alert,
  Anchor,
  Avatar,
  Badge,
  Box,
  Breadcrumbs,
  Button,
  type ButtonProps,
  Center,
  Checkbox,
  Chip,
  Code,
  ColorSwatch,
  Divider,
  FileButton,
  Group,
  Kbd,
  Loader,
  MultiSelect,
  NumberInput,
  Paper,
  PasswordInput,
  Pill,
  Progress,
  Radio,
  ScrollArea,
  SegmentedControl,
  Select,
  SimpleGrid,
  Skeleton,
  Stack,
  Stepper,
  Switch,
  Table,
  Tabs,
  TagsInput,
  Text,
  Textarea,
  TextInput,
  Timeline,
  Title,
  Tree,
  useMantineColorScheme as useColorScheme,
  VisuallyHidden,
} from "@mantine/core";
export { useDebouncedValue, useDisclosure, useMediaQuery } from "@mantine/hooks";
export { BarList } from "./BarList";
export { Confirm } from "./Confirm";
export { CopyField } from "./CopyField";
export { ConfirmDelete, DeleteButton } from "./Deletion";
export { Dialog, SidePanel } from "./Dialog";
export { type Figure, Figures } from "./Figures";
export { IconButton } from "./IconButton";
export { DateField } from "./LazyDateField";
export { LazyMultiSelect, LazySelect } from "./LazySelect";
export { ButtonLink, TextLink } from "./Links";
export { Mark } from "./Mark";
export { Menu } from "./Menu";
export { Page, PageHeader, Panel } from "./Page";
export { Popover } from "./Popover";
export { EmptyState, ErrorState, ListSkeleton, Waiting } from "./States";
export { Tooltip } from "./Tooltip";
export { Toasts, toast } from "./toast";

import { IconChartLine } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';

export function TrainScreen() {
  return <EmptyState icon={<IconChartLine size={22} />} title="No run yet" />;
}

import { IconLayoutGrid } from '@tabler/icons-react';
import { EmptyState } from '../../components/EmptyState.tsx';

export function CodesScreen() {
  return <EmptyState icon={<IconLayoutGrid size={22} />} title="No codes yet" />;
}

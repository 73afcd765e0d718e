import { Button } from '@mantine/core';
import { failedReport, fileReport } from '#shared/importReport.ts';
import { saveFile } from '../../components/saveFile.ts';
import type { ChosenFile } from './importStore.ts';

const reportOf = ({ name, request, preview, result, failure }: ChosenFile) => {
  // Where the server keeps what a browser sent says nothing to whoever reads the report.
  const file = window.facet ? (request.entry ?? request.file) : name;
  const read = result ?? preview;
  if (failure !== null) return [failedReport(file, failure)];
  return read === null ? [] : [fileReport(file, read)];
};

/** The report as `facet import --json` ends with it. */
export function SaveReport({ files }: { readonly files: readonly ChosenFile[] }) {
  const reports = files.flatMap(reportOf);
  const save = (): void => {
    const text = JSON.stringify({ files: reports }, null, 2);
    saveFile('import-report.json', new Blob([text], { type: 'application/json' }));
  };
  if (reports.every(({ problemCount }) => problemCount === 0)) return null;
  return (
    <Button variant="subtle" onClick={save}>
      Save report…
    </Button>
  );
}

// Each picture has its numbers as a table beside it.
import type { ComponentChildren, VNode } from "preact";
import { t } from "../../text";

interface TwinProps {
	caption: string;
	head: string[];
	rows: ComponentChildren[][];
}

export const Twin = ({ caption, head, rows }: TwinProps): VNode => (
	<details class="twin">
		<summary>{t("As a table")}</summary>
		<div class="scroll" tabIndex={0} role="region" aria-label={caption}>
			<table>
				<caption class="hidden-text">{caption}</caption>
				<thead>
					<tr>
						{head.map((cell) => (
							<th key={cell} scope="col">
								{cell}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{rows.map((row, i) => (
						<tr key={i}>
							{row.map((cell, j) => (j === 0 ? <th key={j} scope="row">{cell}</th> : <td key={j}>{cell}</td>))}
						</tr>
					))}
				</tbody>
			</table>
		</div>
	</details>
);

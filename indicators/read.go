package indicators

// ReadStrict reads one YAML file into out as strictly as Load reads its own, for data that lies beside it: unknown and
// duplicate fields, empty values, aliases, a second document, hidden characters and a size beyond reason are problems.
// line finds where a value stands below the mapping with the id owner, for what the caller checks itself.
func ReadStrict(file string, content []byte, out any) (line func(owner, value string) int, problems Problems) {
	doc := decode(file, content, out, &problems)
	return doc.line, problems.sorted()
}

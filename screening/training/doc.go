// Package training is mock interviews: scenarios about invented people, what they say and when, how an interview with one
// is marked, and how far a class agrees. It is pure, as package screening is.
//
// Start with Load, which reads scenarios as strictly as package indicators reads its data; with Stage, which says what the
// invented person says at a prompt; with Mark, which marks a Run; and with AgreeTwo and AgreeMany.
//
// Nothing here can become a record: a Run is no part of a record, and no package that keeps, sends or counts records
// imports this one.
package training

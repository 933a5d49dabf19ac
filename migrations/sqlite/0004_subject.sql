-- Everything about one child is found in the journal by the child's key, which stands in each entry's text.
CREATE INDEX journal_child ON journal (json_extract(text, '$.child'), seq);

// Read WARC files with JWAT (https://github.com/netarchivesuite/jwat), digests and gzip included,
// and print what it finds wrong: java -cp CLASSES CheckWarcs FILE…   CONTRIBUTING.md says how.

import java.io.BufferedInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jwat.common.Diagnosis;
import org.jwat.common.Diagnostics;
import org.jwat.gzip.GzipEntry;
import org.jwat.gzip.GzipReader;
import org.jwat.warc.WarcReader;
import org.jwat.warc.WarcReaderFactory;
import org.jwat.warc.WarcRecord;

public final class CheckWarcs {
    private static final int BUFFER = 1 << 16;
    private static final Map<String, Integer> types = new TreeMap<>();
    private static int records, members, faults;

    public static void main(String[] files) throws IOException {
        for (String file : files) {
            readMembers(file);
            readRecords(file);
        }
        System.out.printf("%d files, %d gzip members, %d records %s: %d faults%n",
            files.length, members, records, types, faults);
        System.exit(faults > 0 ? 1 : 0);
    }

    /** Checks each member's checksum and length. */
    private static void readMembers(String file) throws IOException {
        try (GzipReader reader = new GzipReader(open(file), BUFFER)) {
            GzipEntry member;
            while ((member = reader.getNextEntry()) != null) {
                member.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                member.close();
                members++;
                tell(file, member.getStartOffset(), "gzip", member.diagnostics);
                if (!member.isCompliant()) {
                    tell(file, member.getStartOffset(), "the gzip member is not compliant");
                }
            }
            tell(file, reader.getOffset(), "gzip", reader.diagnostics);
        }
    }

    /** Checks each record's fields, length and digests. */
    private static void readRecords(String file) throws IOException {
        try (InputStream in = open(file); WarcReader reader = WarcReaderFactory.getReader(in, BUFFER)) {
            reader.setBlockDigestEnabled(true);
            reader.setPayloadDigestEnabled(true);
            WarcRecord record;
            while ((record = reader.getNextRecord()) != null) {
                String type = record.header.warcTypeStr;
                record.close();
                records++;
                types.merge(type == null ? "(none)" : type, 1, Integer::sum);
                tell(file, record.getStartOffset(), type, record.diagnostics);
                isOfItsDigest(file, record, "block", record.isValidBlockDigest);
                isOfItsDigest(file, record, "payload", record.isValidPayloadDigest);
            }
            tell(file, reader.getOffset(), "file", reader.diagnostics);
        }
    }

    private static void isOfItsDigest(String file, WarcRecord record, String of, Boolean holds) {
        if (Boolean.FALSE.equals(holds)) {
            tell(file, record.getStartOffset(), "the " + of + " digest does not match");
        }
    }

    private static void tell(String file, long offset, String of, Diagnostics found) {
        for (Diagnosis one : found.getErrors()) {
            tell(file, offset, of + ": error " + text(one));
        }
        for (Diagnosis one : found.getWarnings()) {
            tell(file, offset, of + ": warning " + text(one));
        }
    }

    private static String text(Diagnosis one) {
        return one.type + " " + one.entity + " " + String.join(" ", one.information);
    }

    private static void tell(String file, long offset, String what) {
        faults++;
        System.out.printf("%s at %d: %s%n", file, offset, what);
    }

    private static InputStream open(String file) throws IOException {
        return new BufferedInputStream(new FileInputStream(file), BUFFER);
    }
}

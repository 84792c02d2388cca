import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.TreeSet;

import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/**
 * Reads names of PDF files, one a line, and asks veraPDF of each whether it keeps PDF/UA-1 and
 * PDF/A-2a. It prints a line "FLAVOUR kept FILE" or "FLAVOUR broken FILE", and below a broken one
 * its rules, each after a tab.
 */
public class Judge {
    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        BufferedReader names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String file = names.readLine(); file != null; file = names.readLine()) {
            for (String name : new String[] {"ua1", "2a"}) {
                ask(out, PDFAFlavour.byFlavourId(name), name, file);
            }
        }
        out.flush();
    }

    private static void ask(PrintStream out, PDFAFlavour flavour, String name, String file) throws Exception {
        try (FileInputStream in = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour)) {
            ValidationResult result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
            out.println(name + (result.isCompliant() ? " kept " : " broken ") + file);
            TreeSet<String> rules = new TreeSet<>();
            for (TestAssertion a : result.getTestAssertions()) {
                if (a.getStatus() == TestAssertion.Status.FAILED) {
                    rules.add(a.getRuleId().getClause() + "-" + a.getRuleId().getTestNumber() + " " + a.getMessage());
                }
            }
            rules.forEach(rule -> out.println("\t" + rule));
        }
    }
}

